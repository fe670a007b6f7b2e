import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { personNames, siteNames } from '../data/participants';
import { call } from '../remedy';
import type { TableAudit } from './audit';
import { shownNumber } from './rows/audit-numbers';
import { inOrderOf } from './align-cohorts';
import { covariateFeatures } from './covariate-features';
import { compareSiteFigures } from './compare-site-figures';
import { compareSlopes } from './covariate-slopes';
import { distanceCorrelation } from './distance-correlation';
import type { EvaluateOptions, EvaluateSettings } from './evaluate-options';
import { resolveEvaluateOptions } from './evaluate-options';
import type { SplitDesign, SplitRun } from './evaluate-splits';
import { designSplits, evaluateSplits } from './evaluate-splits';
import { fitFeatureModels } from './feature-models';
import { givenFeatures, sameShape } from './fold-source';
import { matchScale } from './match-scale';
import { averageRows, personRows } from './person-rows';
import { shuffledRowsIssue } from './shuffled-rows';
import { makeSiteDesign } from './site-design';
import { summarizeSiteTests } from './site-tests';
import { summarizeVariance } from './variance-share';

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
 * @param given - the same subjects and features, in any order
 * @throws ConcordError `invalid-option` when the two do not match; `too-little-data`, `unknown-column`, `aborted`.
 */
export async function evaluateTable(
  before: FeatureCohort,
  given: FeatureCohort,
  options: EvaluateTableOptions = {},
): Promise<TableAudit> {
  const settings = resolveEvaluateOptions(before, options);
  const { after, issues: order } = inOrderOf(before, given);
  sameShape(before, after, options.method ?? 'harmonized');
  const matched = matchScale(before, after);
  const { audit } = await compareTables(before, matched.after, {
    design: designSplits(before, settings),
    options,
  });
  const message =
    'figures in folds cannot be had for a table harmonized elsewhere: what harmonized it would have to be fitted anew in ' +
    'every fold, and is not known here';
  const noFolds = makeIssue('figure-not-available', message, {}, [
    'read a good in-sample figure as the best that can be, not as proof; a method that is at hand is audited with ',
    call('auditTable'),
  ]);
  const noticed = [...order, ...shuffledRowsIssue(before, after), ...matched.issues];
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

/** {@link evaluateTable} on splits already planned, and what was found on raw data for others to compare with. */
export async function compareTables(
  before: FeatureCohort,
  after: FeatureCohort,
  { design, options }: { readonly design: SplitDesign; readonly options: EvaluateTableOptions },
): Promise<{ readonly audit: TableAudit; readonly raw: SplitRun }> {
  const { method = 'harmonized' } = options;
  sameShape(before, after, method);
  const { settings, plan } = design;
  const models = await modelsOfBoth(before, after, { settings, options });
  const raw = await evaluateSplits(design, givenFeatures(before, 'raw'), options);
  const inSample = await evaluateSplits(design, givenFeatures(after, 'in-sample'), { ...options, raw });
  const { ids, sites, persons } = before.participants;
  const states = [
    { protocol: 'raw', cohort: before },
    { protocol: 'in-sample', cohort: after },
  ] as const;
  const apart = await compareSiteFigures(states, settings.covariates, options);
  const known = covariateFeatures(before, settings.covariates);
  const floor =
    known === undefined
      ? []
      : (await evaluateSplits({ ...design, targets: [] }, givenFeatures(known, 'raw'), options)).probes;
  const audit: TableAudit = {
    kind: 'table-audit',
    method,
    subjects: ids.length,
    persons: personNames(before.participants).length,
    features: before.features.features,
    sites: siteNames(before.participants).map((name) => ({
      name,
      subjects: sites.filter((site) => site === name).length,
      persons: new Set(persons.filter((_, row) => sites[row] === name)).size,
    })),
    covariates: settings.covariates,
    seed: settings.seed,
    seeds: settings.seeds,
    probes: [...raw.probes, ...inSample.probes],
    floor,
    tests: models.tests,
    variance: models.variance,
    separations: apart.separations,
    regressions: [...raw.regressions, ...inSample.regressions],
    classifications: [...raw.classifications, ...inSample.classifications],
    slopes: models.slopes,
    distances: await distanceCorrelation(
      takeSubjects(before, plan.rows),
      takeSubjects(after, plan.rows),
      options,
    ),
    reliability: apart.reliability,
    issues: [
      ...design.issues,
      ...models.issues,
      ...added(apart.issues, models.issues),
      ...raw.issues,
      ...inSample.issues,
    ],
  };
  return { audit, raw };
}

/** Issues that are not among others already. */
function added(issues: readonly Issue[], others: readonly Issue[]): readonly Issue[] {
  return issues.filter(
    ({ code }) => !others.some((other) => other.code === code && code === 'dropped-subject'),
  );
}

/** The figures that come from linear models per feature, before and after. */
async function modelsOfBoth(
  before: FeatureCohort,
  after: FeatureCohort,
  { settings, options }: { readonly settings: EvaluateSettings; readonly options: EvaluateOptions },
): Promise<Pick<TableAudit, 'tests' | 'variance' | 'slopes' | 'issues'>> {
  const { covariates, alpha } = settings;
  const { groups, persons, note } = personRows(before.participants);
  const rows = averageRows(before, groups);
  const design = makeSiteDesign(rows, covariates, persons);
  const names = before.features.features;
  const { signal, onProgress } = options;
  const fit = (cohort: FeatureCohort, label: string): ReturnType<typeof fitFeatureModels> =>
    fitFeatureModels(cohort.features, design, { signal, onProgress, label });
  const raw = await fit(rows, 'feature tests, raw');
  const harmonized = await fit(averageRows(after, groups), 'feature tests, in-sample');
  return {
    tests: [
      summarizeSiteTests(raw, names, { protocol: 'raw', alpha }),
      summarizeSiteTests(harmonized, names, { protocol: 'in-sample', alpha }),
    ],
    variance: [
      ...summarizeVariance(raw, design, 'raw'),
      ...summarizeVariance(harmonized, design, 'in-sample'),
    ],
    slopes: compareSlopes(raw, harmonized, design),
    issues: [...countedByPerson(before, note), ...design.issues],
  };
}

/** Says how an audit does right by persons with several scans. */
function countedByPerson({ participants }: FeatureCohort, note: string): readonly Issue[] {
  if (note === '') return [];
  const message =
    `${participants.ids.length} scans of ${personNames(participants).length} persons: folds, intervals and distances go by ` +
    `person; tests, shares of variance and slopes ${note}`;
  return [makeIssue('counted-by-person', message)];
}
