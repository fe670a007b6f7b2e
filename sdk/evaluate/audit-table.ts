import type { FeatureCohort } from '../data/cohort';
import { harmonizedTo } from '../data/harmonize-to';
import { contradictingCohortsIssues } from '../data/people/contradicting-tables';
import { fitAndApply } from '../data/fit-and-apply';
import type { Harmonizer } from '../data/harmonizer';
import type { Issue } from '../data/issue';
import { distinctIssues, makeIssue } from '../data/issue';
import { notPreserved, notPreservedIssues, byOtherMethod } from '../math/statistics/site-imbalance';
import type { TableAudit } from './audit';
import { inOrderOf } from './matching/align-cohorts';
import { cannotBeFitted } from './cannot-be-fitted';
import { resolveEvaluateOptions, withoutBatches } from './evaluate-options';
import type { PendingSplits, SplitDesign, SplitEvaluation, SplitRun } from './splits/evaluate-splits';
import { beginSplits, designSplits } from './splits/evaluate-splits';
import { compareTables, measureRaw } from './evaluate-table';
import type { HeldOutOptions } from './evaluate-in-folds';
import { givenFeatures, harmonizedInFolds, sameShape } from './splits/fold-source';
import { fittedCovariates } from './splits/keep-levels';
import { withBatchTests } from './models/batch-tests';
import { keptSubjects } from './splits/kept-subjects';
import { shuffledRowsIssue } from './matching/shuffled-rows';
import { sharedProgress } from '../data/shared-progress';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link auditTable}. */
export interface AuditOptions extends HeldOutOptions {
  /** The cohort already harmonized as a whole by this harmonizer, to save fitting it again. */
  readonly after?: FeatureCohort;
}

/**
 * Audits one harmonization of a table, on the same splits throughout: the raw data; the data harmonized as a whole
 * (`in-sample`, the usual way); and the harmonizer fitted inside each fold on training subjects only (`in-folds`, the
 * honest way, see `audits.evaluateInFolds`).
 *
 * In-sample predictions of a preserved covariate flatter by construction: the harmonizer takes β·age off each feature
 * and puts it back, which writes every tested subject's own age into the features. Where the mean age differs between
 * sites, that alone can predict age at a site left out, without any effect of age in the data. In folds, the covariate
 * that is predicted is withheld from the harmonizer.
 *
 * Site probes can fall *below* chance in-sample: a method that centers every site on the same mean, held-out
 * subjects included, leaves training subjects whose site mean is shifted away from those held out. That is a mark
 * of over-correction seen in-sample, not of a better harmonization; the figure in folds does not have it.
 *
 * @throws ConcordError `too-little-data`, `invalid-option`, `unknown-column`, `aborted`, and whatever the harmonizer
 * throws on the whole cohort.
 *
 * @example
 * ```ts
 * const audit = await auditTable(cohort, combatHarmonizer({ preserve: ['age', 'sex'] }));
 * console.log(formatAudit(audit));
 * ```
 */
export async function auditTable<Model>(
  cohort: FeatureCohort,
  harmonizer: Harmonizer<Model>,
  options: AuditOptions = {},
): Promise<TableAudit> {
  requireCall('auditTable', { cohort, harmonizer, options });
  const own = withoutBatches(cohort, options, harmonizer.removes);
  resolveEvaluateOptions(cohort, own);
  const { signal, target } = options;
  const progress = sharedProgress(undefined, 100, options);
  const whole = options.after ?? (await fitAndApply(harmonizer, cohort, { target, signal })).after;
  const ordered = inOrderOf(cohort, whole);
  const before = keptSubjects(cohort, ordered.after);
  // Where subjects were left out, features may be in another order still.
  const { after, issues } = inOrderOf(before, ordered.after);
  const shuffled =
    options.after === undefined
      ? []
      : [
          ...contradictingCohortsIssues(before.participants, after.participants),
          ...shuffledRowsIssue(before, after),
        ];
  const order = [...ordered.issues, ...issues, ...shuffled];
  const fitted = fittedCovariates(before.participants, harmonizer);
  const design = designSplits(before, resolveEvaluateOptions(before, own), fitted);
  const method = harmonizedTo(harmonizer.name, target);
  sameShape(before, after, method);
  const begun: PendingSplits[] = [];
  const begin = async (splits: Promise<PendingSplits>): Promise<PendingSplits> => {
    begun.push(await splits);
    return begun[begun.length - 1];
  };
  let audit: TableAudit;
  let inFolds: SplitEvaluation;
  try {
    // Probes of all three are trained on other threads from the beginning, while this one does the rest.
    const raw = await begin(beginSplits(design, givenFeatures(before, 'raw'), progress.next(20)));
    const sample = givenFeatures(after, 'in-sample');
    const inSample = await begin(beginSplits(design, sample, { ...progress.next(20), raw }));
    const held = { ...own, ...progress.next(30), raw };
    const folds = await begin(beginHeldOut(before, harmonizer, { design, options: held }));
    const measured = await measureRaw(before, {
      design,
      options: { ...own, ...progress.next(15) },
      begun: raw,
    });
    const compared = { ...own, ...progress.next(15), method, begun: inSample };
    audit = await withBatchTests(await compareTables(measured, after, compared), [before, after], {
      ...design.settings,
      batches: harmonizer.removes ?? [],
      signal,
    });
    inFolds = await folds.finish();
  } finally {
    begun.forEach((splits) => splits.drop());
  }
  progress.finish();
  const bent = curveIssues(before, harmonizer, audit.covariates);
  const noticed = [...order, ...unpreservedIssues(before, harmonizer), ...bent, ...audit.issues];
  return withFolds({ ...audit, ...removedWithSite(before, harmonizer), issues: noticed }, inFolds);
}

/** An audit with figures in folds beside the others. */
export function withFolds(audit: TableAudit, inFolds: SplitEvaluation): TableAudit {
  return {
    ...audit,
    probes: [...audit.probes, ...inFolds.probes],
    regressions: [...audit.regressions, ...inFolds.regressions],
    classifications: [...audit.classifications, ...inFolds.classifications],
    issues: distinctIssues([...audit.issues, ...inFolds.issues]),
  };
}

/** Warns of covariates that differ between sites and that a harmonizer removes with them. */
export function unpreservedIssues<Model>(
  { participants }: FeatureCohort,
  harmonizer: Harmonizer<Model>,
): readonly Issue[] {
  const { canPreserve = false, name } = harmonizer;
  const kept = notTakenOut(harmonizer);
  if (kept === undefined) return [];
  return notPreservedIssues(participants, kept, canPreserve ? undefined : byOtherMethod(name));
}

/** The covariates whose differences between sites are no loss: those preserved, and batch variables; `undefined` if not known. */
function notTakenOut<Model>({ preserves, removes = [] }: Harmonizer<Model>): readonly string[] | undefined {
  return preserves === undefined ? undefined : [...preserves, ...removes];
}

/** {@link unpreservedIssues} as a part of an audit. */
function removedWithSite<Model>(
  { participants }: FeatureCohort,
  harmonizer: Harmonizer<Model>,
): Pick<TableAudit, 'removedWithSite'> {
  const kept = notTakenOut(harmonizer);
  const removed = kept === undefined ? [] : notPreserved(participants, kept);
  if (removed.length === 0) return {};
  return { removedWithSite: removed.map(({ name, share }) => ({ covariate: name, share })) };
}

/** Says of figures after covariates, which are adjusted by straight lines, what they make of a harmonizer that keeps curves. */
export function curveIssues<Model>(
  { participants }: FeatureCohort,
  { name, curves = [] }: Pick<Harmonizer<Model>, 'name' | 'curves'>,
  covariates: readonly string[],
): readonly Issue[] {
  const differs = (curve: string): boolean => {
    const others = participants.covariates.map((covariate) => covariate.name).filter((one) => one !== curve);
    return notPreservedIssues(participants, others).length > 0;
  };
  const apart = curves.filter((curve) => covariates.includes(curve) && differs(curve));
  return apart.map((curve) =>
    makeIssue(
      'curve-counts-as-site',
      `${name} keeps a curve of ${curve}, and figures after covariates (tests of features, shares of variance) are adjusted by a straight line: where sites differ in ${curve}, what is bent of its effect counts as the site there`,
      { column: curve },
    ),
  );
}

/** The figures in folds; none, with an Issue, when the training part of a fold is too little for the harmonizer. */
export async function evaluateHeldOut<Model>(
  cohort: FeatureCohort,
  harmonizer: Harmonizer<Model>,
  how: HeldOutRun,
): Promise<SplitEvaluation> {
  return (await beginHeldOut(cohort, harmonizer, how)).finish();
}

/** How figures in folds are had. */
interface HeldOutRun {
  readonly design: SplitDesign;
  readonly options: AuditOptions & { readonly raw: Pick<SplitRun, 'held'> };
}

/** {@link evaluateHeldOut}, with the site probes trained while the caller does something else. */
async function beginHeldOut<Model>(
  cohort: FeatureCohort,
  harmonizer: Harmonizer<Model>,
  { design, options }: HeldOutRun,
): Promise<PendingSplits> {
  try {
    return await beginSplits(design, harmonizedInFolds(cohort, harmonizer, options.target), options);
  } catch (error) {
    if (!cannotBeFitted(error)) throw error;
    const message = `${harmonizer.name} cannot be fitted inside folds: ${error.problem}`;
    const issues = [makeIssue('figure-not-available', message, {}, error.remedy)];
    const none = { probes: [], regressions: [], classifications: [], issues, held: [] };
    return { held: [], finish: () => Promise.resolve(none), drop: () => undefined };
  }
}
