import type { FeatureCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { Participants } from '../data/participants';
import { covariateNamed, siteCodes, siteNames } from '../data/participants';
import { deriveSeed, makeRandom, permutation } from '../math/random';
import type { EvaluateSettings } from './evaluate-options';
import { stratifiedFolds } from './folds';

/** Which subjects take part in cross-validation and how they are split: the same for raw and harmonized data. */
export interface SplitPlan {
  /** Rows of the cohort that take part, ascending. */
  readonly rows: Int32Array;
  /** Sites that take part. */
  readonly siteNames: readonly string[];
  /** Index into `siteNames` per row that takes part. */
  readonly sites: Int32Array;
  readonly folds: number;
  /** Per seed, the fold of each row that takes part. */
  readonly assignments: readonly Int32Array[];
  readonly issues: readonly Issue[];
}

/** No fewer folds than this: with two, half of a site would be missing in training. */
const FEWEST_FOLDS = 3;

/**
 * Plans the splits: folds stratified by site and, within sites, by the categorical covariates. When a site has
 * fewer subjects than folds, there are fewer folds (not below three, or as asked for if that is two); sites still
 * smaller are left out. Both are reported.
 */
export function planSplits(cohort: FeatureCohort, settings: EvaluateSettings): SplitPlan {
  const issues: Issue[] = [];
  const { participants } = cohort;
  const names = siteNames(participants);
  const codes = siteCodes(participants, names);
  const sizes = names.map((_, site) => codes.filter((code) => code === site).length);
  const fewest = Math.min(settings.folds, FEWEST_FOLDS);
  const kept = names.filter((site, index) => {
    if (sizes[index] >= fewest) return true;
    const message = `site "${site}" has ${sizes[index]} subjects and is left out of cross-validation (${fewest} are required)`;
    issues.push(makeIssue('too-few-subjects', message, { site }));
    return false;
  });
  const smallest = Math.min(...sizes.filter((size) => size >= fewest));
  const folds = Math.min(settings.folds, smallest);
  if (folds < settings.folds) {
    const message = `${folds} folds are used instead of ${settings.folds}: the smallest site has ${smallest} subjects`;
    issues.push(makeIssue('fewer-folds', message));
  }
  const sites = siteCodes(participants, kept);
  const all = Int32Array.from(sites.keys()).filter((row) => sites[row] !== -1);
  const rows = subsample(all, sites, settings);
  if (rows.length < all.length) {
    const message = `cross-validation and distances use ${rows.length} of ${all.length} subjects, drawn in proportion to the sites`;
    issues.push(makeIssue('subsampled', message));
  }
  const used = rows.map((row) => sites[row]);
  const strata = strataOf(participants, settings.covariates, rows);
  const assignments = Array.from({ length: settings.seeds }, (_, index) =>
    stratifiedFolds(used, folds, { seed: deriveSeed(settings.seed, index), strata }),
  );
  return { rows, siteNames: kept, sites: used, folds, assignments, issues };
}

/** About `maxSubjects` of the rows, each site in proportion, but none with fewer than two per fold if it has them. */
function subsample(rows: Int32Array, sites: Int32Array, settings: EvaluateSettings): Int32Array {
  const { maxSubjects, folds, seed } = settings;
  if (rows.length <= maxSubjects) return rows;
  const order = permutation(rows.length, makeRandom(deriveSeed(seed, -1))).map((at) => rows[at]);
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(sites[row], (sizes.get(sites[row]) ?? 0) + 1);
  const quota = new Map(
    [...sizes].map(([site, size]) => [
      site,
      Math.max(2 * folds, Math.round((maxSubjects * size) / rows.length)),
    ]),
  );
  return order
    .filter((row) => {
      const left = quota.get(sites[row]) ?? 0;
      quota.set(sites[row], left - 1);
      return left > 0;
    })
    .sort();
}

/** One label per combination of the levels of the categorical covariates. */
function strataOf(participants: Participants, covariates: readonly string[], rows: Int32Array): Int32Array {
  const strata = new Int32Array(rows.length);
  for (const name of covariates) {
    const covariate = covariateNamed(participants, name);
    if (covariate.kind !== 'categorical') continue;
    rows.forEach((row, at) => {
      strata[at] = strata[at] * (covariate.levels.length + 1) + covariate.codes[row] + 1;
    });
  }
  return strata;
}
