import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import { chosenTarget } from '../data/harmonize-to';
import { fitAndApply } from '../data/fit-and-apply';
import type { Harmonizer } from '../data/harmonizer';
import type { Issue } from '../data/issue';
import { distinctIssues, makeIssue } from '../data/issue';
import { listNames } from '../data/list-names';
import { ConcordError } from '../errors';
import { inOrderOf } from '../evaluate/matching/align-cohorts';
import { curveIssues, evaluateHeldOut, unpreservedIssues, withFolds } from '../evaluate/audit-table';
import type { TableAudit } from '../evaluate/audit';
import { comparisonFindings } from '../evaluate/comparison/comparison-findings';
import type { MethodRows } from '../evaluate/comparison/comparison-rows';
import { comparisonRows } from '../evaluate/comparison/comparison-rows';
import type { ComparedMethod, MethodComparison } from '../evaluate/comparison/method-comparison';
import type { EvaluateOptions } from '../evaluate/evaluate-options';
import { resolveEvaluateOptions, withoutBatches } from '../evaluate/evaluate-options';
import { designSplits } from '../evaluate/splits/evaluate-splits';
import { withBatchTests } from '../evaluate/models/batch-tests';
import type { RawTable } from '../evaluate/evaluate-table';
import { auditOfRaw, compareTables, measureRaw } from '../evaluate/evaluate-table';
import { fittedCovariates } from '../evaluate/splits/keep-levels';
import { keptSubjects } from '../evaluate/splits/kept-subjects';
import { payloadText } from '../evaluate/rows/audit-numbers';
import { auditRows } from '../evaluate/rows/audit-rows';
import { version } from '../version';
import { shuffledRowsIssue } from '../evaluate/matching/shuffled-rows';
import type { CompareMethodsOptions } from './compare-options';
import type { NamedHarmonizer, Noticed } from './compared-harmonizer';
import { harmonizerFor, issuesOf, leaveOut, newIssues, ofMethod } from './compared-harmonizer';
import { comparedModel } from './compared-model';
import { CostMeter } from './cost';
import type { SharedProgress } from '../data/shared-progress';
import { sharedProgress } from '../data/shared-progress';

/** A table harmonized as a whole. */
interface HarmonizedTable extends Omit<ComparedMethod, 'protocol' | 'model'> {
  readonly harmonizer: Harmonizer<unknown>;
  readonly model: unknown;
  readonly after: FeatureCohort;
}

/** How long the parts of a comparison take, beside each other. */
const weights = { harmonize: 10, evaluate: 40, folds: 80 };

/** Compares methods on a table; raw data are evaluated once. */
export async function compareOnTable(
  cohort: FeatureCohort,
  harmonizers: readonly NamedHarmonizer[],
  options: CompareMethodsOptions,
): Promise<MethodComparison> {
  const { seed, seeds, covariates, alpha, maxSubjects, splits, folds = false, target } = options;
  const given: EvaluateOptions = { seed, seeds, covariates, alpha, maxSubjects, folds: splits };
  const removed = harmonizers.flatMap(({ harmonizer: { removes = [] } }) => removes);
  const evaluation = withoutBatches(cohort, given, removed);
  resolveEvaluateOptions(cohort, evaluation);
  const perMethod = weights.harmonize + weights.evaluate + (folds ? weights.folds : 0);
  const progress = sharedProgress(
    'comparing methods',
    weights.evaluate + harmonizers.length * perMethod,
    options,
  );
  const noticed: Noticed = { issues: [], leftOut: [] };
  const { issues } = noticed;
  const harmonized = await harmonizeAll(cohort, harmonizers, { options, progress, noticed });
  const before = keptByAll(cohort, harmonized, issues);
  const settings = resolveEvaluateOptions(before, evaluation);
  // One design for all: what any of them is fitted with is in every training part.
  const fitted = harmonized.flatMap(({ harmonizer }) => fittedCovariates(before.participants, harmonizer));
  const design = designSplits(before, settings, [...new Set(fitted)]);
  const measured = await measureRaw(before, {
    design,
    options: { ...evaluation, ...progress.next(weights.evaluate) },
  });
  const work = { measured, evaluation, removed: [...new Set(removed)], options, progress, noticed };
  const done: { readonly method: ComparedMethod; readonly rows: MethodRows }[] = [];
  for (const one of harmonized) {
    const found = await auditOne(one, work);
    if (found !== undefined) done.push(found);
  }
  const raw = auditOfRaw(measured, 'raw');
  const methods = done.map(({ method }) => method);
  const rows = comparisonRows(
    auditRows(raw),
    done.map((one) => one.rows),
  );
  progress.finish();
  return {
    kind: 'method-comparison',
    payload: 'features',
    subjects: raw.subjects,
    persons: raw.persons,
    ...(raw.families === undefined ? {} : { families: raw.families }),
    evaluated: payloadText(raw),
    sites: raw.sites,
    covariates: raw.covariates,
    target,
    seed: settings.seed,
    seeds: settings.seeds,
    folds,
    budget: { splits: settings.folds, maxSubjects: settings.maxSubjects },
    version,
    methods,
    leftOut: noticed.leftOut,
    rows,
    findings: comparisonFindings(
      rows,
      methods.map(({ name }) => name),
    ),
    notes: [],
    issues: distinctIssues([...raw.issues, ...issues]),
  };
}

/** What the parts of a comparison share. */
interface Work {
  readonly options: CompareMethodsOptions;
  readonly progress: SharedProgress;
  readonly noticed: Noticed;
}

async function harmonizeAll(
  cohort: FeatureCohort,
  harmonizers: readonly NamedHarmonizer[],
  { options, progress, noticed }: Work,
): Promise<readonly HarmonizedTable[]> {
  const { target } = options;
  const done: HarmonizedTable[] = [];
  for (const { name, harmonizer: given } of harmonizers) {
    const harmonizer = harmonizerFor(given, 'features');
    if (harmonizer === undefined) continue;
    const run = progress.next(weights.harmonize);
    const meter = new CostMeter();
    try {
      const { model, after } = await meter.of(() => fitAndApply(harmonizer, cohort, { target, ...run }));
      const chosen = chosenTarget(harmonizer.targets(model), target);
      keptSubjects(cohort, after);
      done.push({
        name,
        harmonizer,
        model,
        after,
        target: chosen,
        ...meter.cost,
        issues: distinctIssues([
          ...issuesOf(model),
          ...newIssues(cohort, after),
          ...unpreservedIssues(cohort, harmonizer),
          ...shuffledRowsIssue(
            keptSubjects(cohort, after),
            inOrderOf(keptSubjects(cohort, after), after).after,
          ),
        ]),
      });
    } catch (error) {
      leaveOut(noticed, name, error);
    }
  }
  return done;
}

/** The subjects that every method kept, so that all are judged on the same ones. */
function keptByAll(
  cohort: FeatureCohort,
  harmonized: readonly HarmonizedTable[],
  issues: Issue[],
): FeatureCohort {
  const { ids } = cohort.participants;
  const dropped = new Map<string, readonly string[]>();
  for (const { name, after } of harmonized) {
    const kept = new Set(after.participants.ids);
    const gone = ids.filter((id) => !kept.has(id));
    if (gone.length > 0) dropped.set(name, gone);
  }
  if (dropped.size === 0) return cohort;
  for (const [name, gone] of dropped) {
    const message = `${name} leaves out ${gone.length} of ${ids.length} subjects (${listNames(gone)}): no method is evaluated on them`;
    issues.push(makeIssue('dropped-subject', message));
  }
  const all = new Set([...dropped.values()].flat());
  return takeSubjects(
    cohort,
    [...ids.keys()].filter((row) => !all.has(ids[row])),
  );
}

interface AuditWork extends Work {
  readonly measured: RawTable;
  readonly evaluation: EvaluateOptions;
  /** The batch variables of all methods. */
  readonly removed: readonly string[];
}

/** One method beside raw data; nothing, with an issue, where what it made cannot be judged. */
async function auditOne(
  one: HarmonizedTable,
  { measured, evaluation, removed, options, progress, noticed }: AuditWork,
): Promise<{ readonly method: ComparedMethod; readonly rows: MethodRows } | undefined> {
  const { name, harmonizer, model, after, ...about } = one;
  const { issues } = noticed;
  const before = measured.cohort;
  const given = { ...evaluation, method: name };
  try {
    const rowOf = new Map(after.participants.ids.map((id, row) => [id, row]));
    const rows = before.participants.ids.map((id) => rowOf.get(id) ?? -1);
    const own = inOrderOf(before, takeSubjects(after, rows)).after;
    const compared = await compareTables(measured, own, { ...given, ...progress.next(weights.evaluate) });
    const audit = await withBatchTests(compared, [before, own], {
      ...measured.design.settings,
      batches: removed,
      signal: options.signal,
    });
    const known = new Set(auditOfRaw(measured, name).issues.map(({ message }) => message));
    issues.push(
      ...ofMethod(name, [
        ...about.issues,
        ...curveIssues(before, harmonizer, audit.covariates),
        ...audit.issues.filter(({ message }) => !known.has(message)),
      ]),
    );
    const held = options.heldOut?.includes(name) === true;
    const protocol = held ? 'held-out' : 'in-sample';
    if (options.folds !== true) {
      const method = { name, ...about, protocol, model: comparedModel(model) } as const;
      return { method, rows: { name, rows: auditRows(audit), protocol } };
    }
    const run = { ...evaluation, target: options.target, ...progress.next(weights.folds) };
    const whole = await withOwnFolds(audit, { name, harmonizer, model }, { measured, run, issues });
    const inFolds = whole.probes.some((probe) => probe.protocol === 'in-folds');
    return {
      method: inFolds
        ? { name, ...about, protocol: 'in-folds' }
        : { name, ...about, protocol, model: comparedModel(model) },
      rows: { name, rows: auditRows(whole), protocol },
    };
  } catch (error) {
    leaveOut(noticed, name, error);
    return undefined;
  }
}

/** A method that was fitted before and learns nothing in a fold. */
class LearnsNothing extends Error {}

async function withOwnFolds(
  audit: TableAudit,
  { name, harmonizer, model }: Pick<HarmonizedTable, 'name' | 'harmonizer' | 'model'>,
  {
    measured,
    run,
    issues,
  }: {
    readonly measured: RawTable;
    readonly run: EvaluateOptions & { readonly target?: string };
    readonly issues: Issue[];
  },
): Promise<TableAudit> {
  const learning: Harmonizer<unknown> = {
    name,
    kind: 'features',
    preserves: harmonizer.preserves,
    removes: harmonizer.removes,
    curves: harmonizer.curves,
    canPreserve: harmonizer.canPreserve,
    fit: async (cohort, options) => {
      const fitted = await harmonizer.fit(cohort, options);
      if (typeof fitted === 'object' && fitted !== null && fitted === model) throw new LearnsNothing();
      return fitted;
    },
    apply: (fitted, cohort, options) => harmonizer.apply(fitted, cohort, options),
    targets: (fitted) => harmonizer.targets(fitted),
  };
  try {
    const { design, cohort, splits } = measured;
    const found = await evaluateHeldOut(cohort, learning, { design, options: { ...run, raw: splits } });
    issues.push(...ofMethod(name, found.issues));
    return withFolds(audit, found);
  } catch (error) {
    if (error instanceof LearnsNothing) {
      const message = `${name} was fitted before, and so is not fitted in folds`;
      issues.push(
        makeIssue('figure-not-available', message, {}, ['check which participants it was fitted on']),
      );
    } else if (error instanceof ConcordError && error.code !== 'aborted') {
      const message = `${name} has no figures in folds: ${error.problem}`;
      issues.push(makeIssue('figure-not-available', message, error.where, error.remedy));
    } else throw error;
    return audit;
  }
}
