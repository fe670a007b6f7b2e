import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import { familyCount, kinWords, scansOfPersons } from '../data/people/families';
import { contradictingCohortsIssues } from '../data/people/contradicting-tables';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { hasRepeatedPersons, personNames } from '../data/people/participants';
import { sizedSites } from '../data/people/sized-sites';
import { call } from '../remedy';
import type { TableAudit } from './audit';
import { shownNumber } from './rows/audit-numbers';
import { inOrderOf } from './matching/align-cohorts';
import { covariateFeatures } from './predictors/covariate-features';
import type { ComparedSiteFigures } from './compare-site-figures';
import { compareSiteFigures } from './compare-site-figures';
import { compareSlopes } from './models/covariate-slopes';
import { distanceCorrelation } from './persons/distance-correlation';
import type { EvaluateOptions } from './evaluate-options';
import { resolveEvaluateOptions } from './evaluate-options';
import type { PendingSplits, SplitDesign, SplitRun } from './splits/evaluate-splits';
import { beginSplits, designSplits, evaluateSplits } from './splits/evaluate-splits';
import type { FeatureModels } from './models/feature-models';
import { FEWEST_OF_SPREAD } from './models/brown-forsythe';
import { fitFeatureModels } from './models/feature-models';
import { givenFeatures, sameShape } from './splits/fold-source';
import { matchScale } from './matching/match-scale';
import { averageRows, personRows } from './persons/person-rows';
import { shuffledFeaturesIssue } from './matching/shuffled-features';
import { shuffledRowsIssue } from './matching/shuffled-rows';
import type { SiteDesign } from './models/site-design';
import { makeSiteDesign } from './models/site-design';
import { summarizeSiteTests } from './models/site-tests';
import { summarizeVariance } from './models/variance-share';
import { sharedProgress } from '../data/shared-progress';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';
import { listNames } from '../data/list-names';

/** {@link EvaluateOptions} of {@link evaluateTable}. */
export interface EvaluateTableOptions extends EvaluateOptions {
  /** The harmonizer's name, for the record. @defaultValue `harmonized` */
  readonly method?: string;
}

/**
 * Compares a cohort before and after harmonization on the three questions: is the site gone, is the biology still
 * there, is the person still there. The figures of `after` are in-sample and so flattering: whatever harmonized it
 * had seen all subjects, those tested among them, and their covariates. {@link auditTable} adds the figures in folds,
 * where it had not.
 *
 * @param before - the raw cohort
 * @param after - the same subjects and features, in any order
 * @throws ConcordError `invalid-option` when the two do not match; `too-little-data`, `unknown-column`, `aborted`.
 *
 * @example
 * ```ts
 * const audit = await evaluateTable(cohort, harmonizedElsewhere);
 * console.log(formatAudit(audit));
 * ```
 */
export async function evaluateTable(
  before: FeatureCohort,
  after: FeatureCohort,
  options: EvaluateTableOptions = {},
): Promise<TableAudit> {
  requireCall('evaluateTable', { before, after, options });
  const settings = resolveEvaluateOptions(before, options);
  const { after: ordered, issues: order } = inOrderOf(before, after);
  sameShape(before, ordered, options.method ?? 'harmonized');
  const matched = matchScale(before, ordered);
  const design = designSplits(before, settings);
  const progress = sharedProgress(undefined, 100, options);
  const measured = await measureRaw(before, { design, options: { ...options, ...progress.next(45) } });
  const audit = await compareTables(measured, matched.after, { ...options, ...progress.next(55) });
  progress.finish();
  const message =
    'figures in folds are not available for a table harmonized elsewhere: its method would have to be fitted anew in ' +
    'every fold, and is not known here';
  const noFolds = makeIssue('figure-not-available', message, {}, [
    'read a good in-sample figure as the best case, not as proof; audit a method that is at hand with ',
    call('auditTable'),
  ]);
  const noticed = [
    ...contradictingCohortsIssues(before.participants, ordered.participants),
    ...order,
    ...shuffledRowsIssue(before, ordered),
    ...shuffledFeaturesIssue(before, ordered),
    ...matched.issues,
  ];
  return { ...audit, issues: [...noticed, ...removedCovariates(audit), noFolds, ...audit.issues] };
}

/** Covariates that explained part of the features, and explain next to nothing of them after. */
function removedCovariates({ variance }: TableAudit): readonly Issue[] {
  return variance.flatMap((raw): Issue[] => {
    if (raw.protocol !== 'raw' || raw.source === 'site' || !(raw.median > 0.01)) return [];
    const after = variance.find(({ protocol, source }) => protocol === 'in-sample' && source === raw.source);
    if (after === undefined || after.median > 0.1 * raw.median) return [];
    const [was, is] = [raw, after].map(({ median }) => shownNumber(median, true));
    const message = `the effect of ${raw.source} was removed: it explains ${is} of the median feature (${was} before)`;
    return [makeIssue('covariate-removed', message, { column: raw.source })];
  });
}

/** What is measured on raw data, once for all harmonizations that are compared with them. */
export interface RawTable {
  readonly cohort: FeatureCohort;
  readonly design: SplitDesign;
  readonly models: RawModels;
  readonly splits: SplitRun;
  readonly floor: TableAudit['floor'];
  readonly figures: ComparedSiteFigures;
}

/**
 * Evaluates raw data on the splits of a design.
 *
 * @param begun - what has begun of it; who began it drops it
 */
export async function measureRaw(
  cohort: FeatureCohort,
  {
    design,
    options,
    begun,
  }: {
    readonly design: SplitDesign;
    readonly options: EvaluateOptions;
    readonly begun?: PendingSplits;
  },
): Promise<RawTable> {
  const { covariates } = design.settings;
  const progress = sharedProgress(undefined, 100, options);
  // Probes are trained on other threads meanwhile.
  const run = progress.next(45);
  const pending = begun ?? (await beginSplits(design, givenFeatures(cohort, 'raw'), run));
  try {
    const models = await modelsOfRaw(cohort, covariates, progress.next(25));
    const figures = await compareSiteFigures(
      [{ protocol: 'raw', cohort }],
      design.settings,
      progress.next(20),
    );
    const last = progress.next(10);
    const known = covariateFeatures(cohort, covariates);
    const floor =
      known === undefined
        ? []
        : (await evaluateSplits({ ...design, targets: [] }, givenFeatures(known, 'raw'), last)).probes;
    const splits = await pending.finish();
    progress.finish();
    return { cohort, design, models, splits, floor, figures };
  } finally {
    pending.drop();
  }
}

/**
 * Compares harmonized data with raw ones, on the same splits.
 *
 * @param options.begun - what has begun of the splits; who began it drops it
 */
export async function compareTables(
  measured: RawTable,
  after: FeatureCohort,
  options: EvaluateTableOptions & { readonly begun?: PendingSplits },
): Promise<TableAudit> {
  const { method = 'harmonized', begun } = options;
  const { cohort: before, design, splits: raw } = measured;
  sameShape(before, after, method);
  const { settings, plan } = design;
  const progress = sharedProgress(undefined, 100, options);
  const run = { ...progress.next(50), raw };
  // Probes are trained on other threads meanwhile.
  const pending = begun ?? (await beginSplits(design, givenFeatures(after, 'in-sample'), run));
  try {
    const models = await modelsOfBoth(measured, after, progress.next(25));
    const state = { protocol: 'in-sample' as const, cohort: after };
    const own = await compareSiteFigures([state], settings, progress.next(20));
    const rows = [before, after].map((cohort) => takeSubjects(cohort, plan.rows));
    const distances = await distanceCorrelation(rows[0], rows[1], progress.next(5));
    const inSample = await pending.finish();
    return comparedAudit(measured, method, { models, own, distances, inSample });
  } finally {
    pending.drop();
  }
}

/** The audit of raw data, with what is known of them after. */
function comparedAudit(
  measured: RawTable,
  method: string,
  {
    models,
    own,
    distances,
    inSample,
  }: {
    readonly models: Awaited<ReturnType<typeof modelsOfBoth>>;
    readonly own: ComparedSiteFigures;
    readonly distances: TableAudit['distances'];
    readonly inSample: SplitRun;
  },
): TableAudit {
  const { design, splits: raw, figures } = measured;
  const audit = auditOfRaw(measured, method);
  return {
    ...audit,
    probes: [...raw.probes, ...inSample.probes],
    tests: models.tests,
    personTests: [...figures.personTests, ...own.personTests],
    variance: models.variance,
    separations: [...figures.separations, ...own.separations],
    regressions: [...raw.regressions, ...inSample.regressions],
    classifications: [...raw.classifications, ...inSample.classifications],
    slopes: models.slopes,
    distances,
    reliability: [...figures.reliability, ...own.reliability],
    issues: [
      ...design.issues,
      ...models.issues,
      ...added(byMessage([...figures.issues, ...own.issues]), models.issues),
      ...raw.issues,
      ...inSample.issues,
    ],
  };
}

/** The audit of raw data by themselves: what every comparison begins with. */
export function auditOfRaw(measured: RawTable, method: string): TableAudit {
  const { cohort, design, splits, floor, figures } = measured;
  const { settings } = design;
  const { ids, sites, persons } = cohort.participants;
  const { tests, variance, issues } = summarizeRaw(measured);
  return {
    kind: 'table-audit',
    method,
    subjects: ids.length,
    persons: personNames(cohort.participants).length,
    ...familyCount(cohort.participants),
    features: cohort.features.features,
    sites: sizedSites(cohort.participants).map(({ name, subjects }) => ({
      name,
      subjects,
      persons: new Set(persons.filter((_, row) => sites[row] === name)).size,
    })),
    covariates: settings.covariates,
    seed: settings.seed,
    seeds: settings.seeds,
    probes: splits.probes,
    floor,
    tests: [tests],
    personTests: figures.personTests,
    variance,
    separations: figures.separations,
    regressions: splits.regressions,
    classifications: splits.classifications,
    slopes: [],
    distances: { perSite: [], mean: NaN },
    reliability: figures.reliability,
    issues: [...design.issues, ...issues, ...added(figures.issues, issues), ...splits.issues],
  };
}

function byMessage(issues: readonly Issue[]): readonly Issue[] {
  return [...new Map(issues.map((issue) => [issue.message, issue])).values()];
}

/** Issues that are not among others already. */
function added(issues: readonly Issue[], others: readonly Issue[]): readonly Issue[] {
  return issues.filter(
    ({ code }) => !others.some((other) => other.code === code && code === 'dropped-subject'),
  );
}

/** The linear models of raw data per feature, and what they are fitted on. */
interface RawModels {
  readonly raw: FeatureModels;
  readonly groups: ReturnType<typeof personRows>['groups'];
  readonly design: ReturnType<typeof makeSiteDesign>;
  readonly issues: readonly Issue[];
}

async function modelsOfRaw(
  cohort: FeatureCohort,
  covariates: readonly string[],
  { signal, onProgress }: EvaluateOptions,
): Promise<RawModels> {
  const { groups, persons, note } = personRows(cohort.participants);
  const rows = averageRows(cohort, groups);
  const design = makeSiteDesign(rows, covariates, persons);
  const run = { signal, onProgress, label: 'feature tests, raw' };
  const raw = await fitFeatureModels(rows.features, design, run);
  const issues = [...countedByPerson(cohort, note), ...design.issues, ...withoutSpread(design)];
  return { raw, groups, design, issues };
}

function summarizeRaw({ cohort, design: { settings }, models }: RawTable): {
  readonly tests: TableAudit['tests'][number];
  readonly variance: TableAudit['variance'];
  readonly issues: readonly Issue[];
} {
  const { raw, design, issues } = models;
  const { alpha } = settings;
  return {
    tests: summarizeSiteTests(raw, cohort.features.features, { protocol: 'raw', alpha }),
    variance: summarizeVariance(raw, design, 'raw'),
    issues,
  };
}

/** The figures that come from linear models per feature, before and after. */
async function modelsOfBoth(
  measured: RawTable,
  after: FeatureCohort,
  { signal, onProgress }: EvaluateOptions,
): Promise<Pick<TableAudit, 'tests' | 'variance' | 'slopes' | 'issues'>> {
  const { raw, groups, design } = measured.models;
  const { alpha } = measured.design.settings;
  const run = { signal, onProgress, label: 'feature tests, in-sample' };
  const harmonized = await fitFeatureModels(averageRows(after, groups).features, design, run);
  const { tests, variance, issues } = summarizeRaw(measured);
  const names = after.features.features;
  return {
    tests: [tests, summarizeSiteTests(harmonized, names, { protocol: 'in-sample', alpha })],
    variance: [...variance, ...summarizeVariance(harmonized, design, 'in-sample')],
    slopes: compareSlopes(raw, harmonized, design),
    issues,
  };
}

/** Names the sites that are too small for a test of spread; where sites are compared within persons, none is. */
function withoutSpread({ siteNames, sites, persons }: SiteDesign): readonly Issue[] {
  if (persons !== undefined) return [];
  const sizes = new Int32Array(siteNames.length);
  for (const site of sites) sizes[site]++;
  const small = siteNames.filter((_, site) => sizes[site] < FEWEST_OF_SPREAD);
  if (small.length === 0) return [];
  const message =
    `spread is not compared at ${counted(small.length, 'site')} of fewer than ${FEWEST_OF_SPREAD} subjects: ` +
    listNames(small, 5);
  return [makeIssue('too-few-subjects', message, { site: small[0] })];
}

/** Says how an audit counts persons with several scans, and relatives. */
function countedByPerson({ participants }: FeatureCohort, note: string): readonly Issue[] {
  if (note === '') return [];
  const [unit] = kinWords(participants);
  const mixed =
    unit === 'family' && hasRepeatedPersons(participants)
      ? '; tests of all scans in mixed models take relatives for strangers'
      : '';
  // How folds and intervals count relatives is said by the plan of the splits.
  const others = unit === 'family' ? 'distances go by person' : 'folds, intervals and distances go by person';
  const message = `${scansOfPersons(participants)}: ${others}; tests, shares of variance and slopes ${note}${mixed}`;
  return [makeIssue('counted-by-person', message)];
}
