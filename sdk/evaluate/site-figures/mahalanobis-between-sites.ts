import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import type { GroupResiduals, InverseCovariance } from '../../math/linear/inverse-covariance';
import {
  invertCovariance,
  invertProducts,
  invertShrunkenCovariance,
} from '../../math/linear/inverse-covariance';
import { medianPresent } from '../../math/statistics/median';
import type { PersonSiteMeans, SiteFigureOptions } from './person-site-means';
import { personSiteMeans, sitePairs } from './person-site-means';
import type { SiteMoments } from './site-moments';
import { siteMoments } from './site-moments';
import type { SiteScatter } from './site-scatter';
import { requireCall } from '../../data/calls/require-call';

/** How far apart two sites are in all features together. */
export interface SitePairDistance {
  readonly sites: readonly [string, string];
  readonly distance: number;
  /** About the distance that two sites of these sizes have by chance when they do not differ. */
  readonly expected: number;
}

/** Mahalanobis distances between sites, see {@link mahalanobisBetweenSites}. */
export interface SiteMahalanobis {
  readonly pairs: readonly SitePairDistance[];
  /** Median over the pairs; `NaN` where there are none. */
  readonly median: number;
  readonly largest: number;
  /** The covariance used: that within sites, or that shrunk towards equal variances. */
  readonly covariance: 'pooled' | 'ledoit-wolf';
  /** How far it is shrunk there, from 0 to 1. */
  readonly shrinkage: number;
  /** How many features take part. */
  readonly features: number;
  /** The features that do not: they have no value at one of the sites, or no spread within sites. */
  readonly leftOut: readonly string[];
  /** Missing cells that take their site's mean. */
  readonly filled: number;
  readonly adjustedFor: readonly string[];
  readonly issues: readonly Issue[];
}

/** A spread of less than this share of the values is rounding. */
const rounding = 1e-12;

/**
 * The Mahalanobis distance between the means of every two sites, D² = (m₁ − m₂)ᵀ Σ⁻¹ (m₁ − m₂), Σ being the covariance
 * within sites, pooled over all of them (Mahalanobis 1936, Proceedings of the National Institute of Sciences of India
 * 2:49): site differences in units of the spread between persons, features that go together counting once.
 *
 * Features are first brought to a spread of 1 within sites. Where they are more than half of the degrees of freedom
 * (rows less sites), or depend on each other, the pooled covariance has no usable inverse: then it is shrunk towards
 * equal variances (Ledoit & Wolf 2004, Journal of Multivariate Analysis 88:365), and `covariance` says so.
 *
 * A distance is never zero, and grows with the number of features: read it beside `expected`, the root of the D² that two
 * sites have on average when they do not differ: (1/n₁ + 1/n₂) p df / (df − p − 1) (Mardia, Kent & Bibby 1979,
 * "Multivariate Analysis", §3.5), and with the shrunken covariance (1/n₁ + 1/n₂) times what rows left out have.
 *
 * With covariates, the values are those without their effects, slopes being those of the model with sites. Scans of a
 * person at one site count as one. A missing cell takes the mean of its site, so that means stay; features that a site
 * lacks are left out.
 *
 * @throws ConcordError `invalid-option` when there is not one person per row; `unknown-column` when the cohort lacks a
 * covariate.
 */
export function mahalanobisBetweenSites(
  cohort: FeatureCohort,
  options: SiteFigureOptions = {},
): SiteMahalanobis {
  requireCall('metrics.mahalanobisBetweenSites', { cohort, options });
  return distancesBetweenSites(personSiteMeans(cohort, options));
}

/** {@link mahalanobisBetweenSites} of persons at sites. */
export function distancesBetweenSites(table: PersonSiteMeans): SiteMahalanobis {
  const moments = siteMoments(table);
  const residuals = standardizedWithinSites(table, moments);
  const { kept, x, filled } = residuals;
  const inverse = kept.length === 0 || x.df < 1 ? undefined : choose(x);
  const squaredDistance = ([a, b]: SitePair): number => {
    const difference = kept.map(({ feature, sd }) => {
      const [i, j] = [a, b].map((site) => site * table.features.length + feature);
      return (moments.means[i] - moments.means[j]) / sd;
    });
    return inverse?.squaredLength(Float64Array.from(difference)) ?? NaN;
  };
  return describe(table, { kept, inverse, filled, squaredDistance });
}

/**
 * {@link mahalanobisBetweenSites} from sums of products.
 *
 * @returns `undefined` where features depend on each other, and values are wanted to shrink their covariance
 */
export function distancesOfScatter(scatter: SiteScatter): SiteMahalanobis | undefined {
  const { moments, within, sites, siteNames, features } = scatter;
  const width = features.length;
  const kept = spreadWithinSites(scatter, moments);
  const columns = kept.length;
  const products = new Float64Array(columns * columns);
  kept.forEach((one, i) =>
    kept.forEach((other, j) => {
      products[i * columns + j] = within[one.feature * width + other.feature] / (one.sd * other.sd);
    }),
  );
  const df = sites.length - siteNames.length;
  const inverse = columns === 0 ? undefined : invertProducts(products, columns, df);
  if (inverse === undefined) return undefined;
  // Less the mean of the sites: what all of them share would cost digits.
  const middle = kept.map(({ feature }) =>
    siteNames.reduce((sum, _, site) => sum + moments.means[site * width + feature] / siteNames.length, 0),
  );
  const apart = siteNames.map((_, site) =>
    inverse.whiten(
      Float64Array.from(
        kept,
        ({ feature, sd }, i) => (moments.means[site * width + feature] - middle[i]) / sd,
      ),
    ),
  );
  const squaredDistance = ([a, b]: SitePair): number =>
    apart[a].reduce((sum, value, i) => sum + (value - apart[b][i]) ** 2, 0);
  return describe(scatter, { kept, inverse, filled: 0, squaredDistance });
}

/** Two sites, as positions in their names. */
type SitePair = readonly [number, number];

function describe(
  table: Omit<PersonSiteMeans, 'values'>,
  {
    kept,
    inverse,
    filled,
    squaredDistance,
  }: {
    readonly kept: readonly KeptFeature[];
    readonly inverse: Pick<InverseCovariance, 'expected' | 'shrinkage'> | undefined;
    readonly filled: number;
    readonly squaredDistance: (pair: SitePair) => number;
  },
): SiteMahalanobis {
  const sizes = new Float64Array(table.siteNames.length);
  table.sites.forEach((site) => sizes[site]++);
  const pairs = sitePairs(table).map(([a, b]): SitePairDistance => {
    return {
      sites: [table.siteNames[a], table.siteNames[b]],
      distance: Math.sqrt(Math.max(0, squaredDistance([a, b]))),
      expected: Math.sqrt((1 / sizes[a] + 1 / sizes[b]) * (inverse?.expected ?? NaN)),
    };
  });
  const distances = Float64Array.from(pairs, ({ distance }) => distance);
  return {
    pairs,
    median: medianPresent(distances),
    largest: distances.reduce((most, value) => (value <= most ? most : value), NaN),
    covariance: inverse?.shrinkage === 0 ? 'pooled' : 'ledoit-wolf',
    shrinkage: inverse?.shrinkage ?? NaN,
    features: kept.length,
    leftOut: leftOut(table, kept),
    filled,
    adjustedFor: table.adjustedFor,
    issues: table.issues,
  };
}

function leftOut(
  { features }: Pick<PersonSiteMeans, 'features'>,
  kept: readonly KeptFeature[],
): readonly string[] {
  const taking = new Set(kept.map(({ feature }) => feature));
  return features.filter((_, feature) => !taking.has(feature));
}

function choose(x: GroupResiduals): InverseCovariance | undefined {
  const plain = 2 * x.columns <= x.df ? invertCovariance(x) : undefined;
  return plain ?? invertShrunkenCovariance(x);
}

/** A feature that takes part, and its spread within sites. */
interface KeptFeature {
  readonly feature: number;
  readonly sd: number;
}

interface Standardized {
  readonly kept: readonly KeptFeature[];
  readonly x: GroupResiduals;
  readonly filled: number;
}

/** What is left of every value beside its site's mean, in standard deviations within sites. */
function standardizedWithinSites(table: PersonSiteMeans, moments: SiteMoments): Standardized {
  const { means } = moments;
  const width = table.features.length;
  const kept = spreadWithinSites(table, moments);
  const rows = table.sites.length;
  const values = new Float64Array(rows * kept.length);
  let filled = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    for (const { feature, sd } of kept) {
      const value = table.values[row * width + feature];
      if (Number.isNaN(value)) filled++;
      else values[at] = (value - means[table.sites[row] * width + feature]) / sd;
      at++;
    }
  }
  return { kept, x: { values, rows, columns: kept.length, df: rows - new Set(table.sites).size }, filled };
}

/** The features that have a value at each site and vary there. */
function spreadWithinSites(
  table: Pick<PersonSiteMeans, 'features' | 'sites'>,
  { counts, means, squares }: SiteMoments,
): readonly KeptFeature[] {
  const width = table.features.length;
  const present = [...new Set(table.sites)];
  return table.features.flatMap((_, feature) => {
    const at = present.map((site) => site * width + feature);
    if (at.some((i) => counts[i] === 0)) return [];
    const df = at.reduce((sum, i) => sum + counts[i], 0) - present.length;
    const sd = Math.sqrt(at.reduce((sum, i) => sum + squares[i], 0) / df);
    const size = Math.max(...at.map((i) => Math.abs(means[i])));
    return df > 0 && sd > rounding * size ? [{ feature, sd }] : [];
  });
}
