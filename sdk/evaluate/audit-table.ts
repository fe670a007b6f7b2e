import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import type { Harmonizer } from '../data/harmonizer';
import { makeIssue } from '../data/issue';
import { ConcordError } from '../errors';
import type { TableAudit } from './audit';
import type { EvaluateOptions } from './evaluate-options';
import { resolveEvaluateOptions } from './evaluate-options';
import type { SplitDesign, SplitEvaluation } from './evaluate-splits';
import { designSplits, evaluateSplits } from './evaluate-splits';
import { compareTables } from './evaluate-table';
import { harmonizedInFolds } from './fold-source';

/** {@link EvaluateOptions} of {@link auditTable}. */
export interface AuditOptions extends EvaluateOptions {
  /** The cohort already harmonized as a whole by this harmonizer, to save fitting it again. */
  readonly after?: FeatureCohort;
}

/**
 * Audits one harmonization of a table, the honest way beside the usual one: raw data; data harmonized as a whole
 * (`in-sample`); and the harmonizer fitted inside each fold on training subjects only (`in-folds`), all on the same
 * splits.
 *
 * Site probes can fall *below* chance in-sample: a method that centres every site on the same mean, held-out
 * subjects included, leaves training subjects whose site mean is shifted away from those held out. That is a mark
 * of over-correction seen in-sample, not of a better harmonization; the figure in folds does not have it.
 *
 * @throws ConcordError `too-little-data`, `invalid-option`, `unknown-column`, `aborted`, and whatever the harmonizer
 * throws on the whole cohort.
 */
export async function auditTable<Model>(
  cohort: FeatureCohort,
  harmonizer: Harmonizer<Model>,
  options: AuditOptions = {},
): Promise<TableAudit> {
  resolveEvaluateOptions(cohort, options);
  const { signal } = options;
  const after =
    options.after ?? (await harmonizer.apply(await harmonizer.fit(cohort, { signal }), cohort, { signal }));
  const before = subjectsOf(cohort, after);
  const design = designSplits(before, resolveEvaluateOptions(before, options));
  const audit = await compareTables(before, after, {
    design,
    options: { ...options, method: harmonizer.name },
  });
  const inFolds = await evaluateHeldOut(before, harmonizer, { design, options });
  return {
    ...audit,
    probes: [...audit.probes, ...inFolds.probes],
    regressions: [...audit.regressions, ...inFolds.regressions],
    classifications: [...audit.classifications, ...inFolds.classifications],
    issues: [...audit.issues, ...inFolds.issues],
  };
}

/** The cohort restricted to the subjects a harmonizer kept, when it left some out at the user's request. */
function subjectsOf(cohort: FeatureCohort, after: FeatureCohort): FeatureCohort {
  const rowOf = new Map(cohort.participants.ids.map((id, row) => [id, row]));
  const rows = after.participants.ids.map((id) => rowOf.get(id) ?? -1);
  if (rows.includes(-1)) {
    throw new ConcordError('invalid-option', 'invalid after: it has subjects that the cohort does not have');
  }
  return rows.length === cohort.participants.ids.length && rows.every((row, at) => row === at)
    ? cohort
    : takeSubjects(cohort, rows);
}

/** What a harmonizer may meet in a fold though the whole cohort is fine. */
const TOO_SMALL: readonly string[] = ['too-little-data', 'confounded', 'unknown-level', 'unknown-site'];

/** The figures in folds; none, with an Issue, when the training part of a fold is too small for the harmonizer. */
async function evaluateHeldOut<Model>(
  cohort: FeatureCohort,
  harmonizer: Harmonizer<Model>,
  { design, options }: { readonly design: SplitDesign; readonly options: AuditOptions },
): Promise<SplitEvaluation> {
  try {
    return await evaluateSplits(design, harmonizedInFolds(cohort, harmonizer), options);
  } catch (error) {
    if (!(error instanceof ConcordError) || !TOO_SMALL.includes(error.code)) throw error;
    const message = `${harmonizer.name} cannot be fitted inside folds: ${error.message}`;
    return {
      probes: [],
      regressions: [],
      classifications: [],
      issues: [makeIssue('figure-not-available', message)],
    };
  }
}
