import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { rowsBy } from '../../data/group-by';
import { ConcordError } from '../../errors';
import { makeSiteDesign } from '../models/site-design';
import { adjustFeatures } from './adjust-features';

/** Options of the figures of differences between sites. */
export interface SiteFigureOptions {
  /**
   * Covariates whose effects are taken out first: slopes of the model with sites and covariates. Scans without one of
   * them are left out, with an Issue.
   *
   * @defaultValue none: the values as they are
   */
  readonly covariates?: readonly string[];
  /**
   * The person on each row: several scans of a person at a site count as one, their mean.
   *
   * @defaultValue the persons of the cohort
   */
  readonly persons?: readonly string[];
}

/** One row per person and site: what figures of differences between sites are computed from. */
export interface PersonSiteMeans {
  /** Rows × features; `NaN` where a person has no value of the feature at the site. */
  readonly values: Float64Array;
  readonly features: readonly string[];
  /** The site of each row, as a position in `siteNames`. */
  readonly sites: Int32Array;
  readonly siteNames: readonly string[];
  /** The covariates whose effects are taken out. */
  readonly adjustedFor: readonly string[];
  readonly issues: readonly Issue[];
}

/**
 * Averages the scans that a person had at a site, over the cells present, after the effects of covariates were taken out
 * of each scan where that is asked for. A person who was scanned at several sites has a row at each.
 *
 * @throws ConcordError `invalid-option` when there is not one person per row; `unknown-column` when the cohort lacks a
 * covariate.
 */
export function personSiteMeans(cohort: FeatureCohort, options: SiteFigureOptions = {}): PersonSiteMeans {
  const { covariates = [] } = options;
  const persons = personsOf(cohort, options.persons);
  const design = makeSiteDesign(cohort, covariates);
  const { features } = cohort.features;
  const width = features.length;
  const issues: Issue[] = [...design.issues];
  const adjusted = covariates.length === 0 ? undefined : adjustFeatures(cohort.features, design);
  for (const column of adjusted?.inseparable ?? []) {
    const message = `the effect of ${column} cannot be separated from the sites, and is not removed from all features`;
    issues.push(makeIssue('nearly-confounded', message, { column }));
  }
  const cellsOf = (at: number): Float64Array =>
    adjusted?.values.subarray(at * width, (at + 1) * width) ??
    cohort.features.values.subarray(design.rows[at] * width, (design.rows[at] + 1) * width);
  const keys = Array.from(design.rows, (row, at) => JSON.stringify([persons[row], design.sites[at]]));
  const positions = [...rowsBy(keys).values()];
  const values = new Float64Array(positions.length * width);
  positions.forEach((group, row) => {
    values.set(group.length === 1 ? cellsOf(group[0]) : meanOf(group.map(cellsOf), width), row * width);
  });
  const sites = Int32Array.from(positions, ([first]) => design.sites[first]);
  return { values, features, sites, siteNames: design.siteNames, adjustedFor: covariates, issues };
}

/**
 * The person on each row of a cohort: those given, else those of the cohort.
 *
 * @throws ConcordError `invalid-option` when there is not one per row.
 */
export function personsOf(cohort: FeatureCohort, persons?: readonly string[]): readonly string[] {
  const { ids } = cohort.participants;
  if (persons === undefined) return cohort.participants.persons;
  if (persons.length === ids.length) return persons;
  throw new ConcordError(
    'invalid-option',
    `invalid persons: ${persons.length} for ${ids.length} rows (the person of each row is required)`,
  );
}

function meanOf(rows: readonly Float64Array[], width: number): Float64Array {
  const sums = new Float64Array(width);
  const counts = new Float64Array(width);
  for (const row of rows) {
    for (let k = 0; k < width; k++) {
      if (Number.isNaN(row[k])) continue;
      sums[k] += row[k];
      counts[k]++;
    }
  }
  return sums.map((sum, k) => sum / counts[k]);
}

/** The pairs of sites that have at least so many rows, as positions in `siteNames`. */
export function sitePairs(
  { sites, siteNames }: Pick<PersonSiteMeans, 'sites' | 'siteNames'>,
  fewest = 1,
): readonly (readonly [number, number])[] {
  const counts = new Float64Array(siteNames.length);
  sites.forEach((site) => counts[site]++);
  const present = siteNames.flatMap((_, site) => (counts[site] >= fewest ? [site] : []));
  return present.flatMap((a, i) => present.slice(i + 1).map((b) => [a, b] as const));
}
