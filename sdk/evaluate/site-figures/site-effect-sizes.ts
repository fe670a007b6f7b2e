import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { medianPresent } from '../../math/statistics/median';
import type { PersonSiteMeans, SiteFigureOptions } from './person-site-means';
import { personSiteMeans, sitePairs } from './person-site-means';
import type { SiteMoments } from './site-moments';
import { siteMoments } from './site-moments';
import { requireCall } from '../../data/calls/require-call';

/** How far two sites differ in every feature. */
export interface SitePairEffect {
  readonly sites: readonly [string, string];
  /** Median over the features of |d|; `NaN` where none can be computed. */
  readonly median: number;
  /** Largest |d| of any feature. */
  readonly largest: number;
  /** The feature in which they differ most; `null` where none can be computed. */
  readonly feature: string | null;
}

/** Cohen's d between sites, see {@link siteEffectSizes}. */
export interface SiteEffectSizes {
  /** Median of |d| over features and pairs of sites. */
  readonly median: number;
  /** Largest |d| of any feature and pair. */
  readonly largest: number;
  readonly pairs: readonly SitePairEffect[];
  /** Per feature the largest |d| of any pair; `NaN` where none can be computed. */
  readonly perFeature: Float64Array;
  /** The covariates whose effects were taken out. */
  readonly adjustedFor: readonly string[];
  readonly issues: readonly Issue[];
}

/** With fewer degrees of freedom a ratio to a standard deviation (Student's t) has no variance. */
const fewestDf = 3;
/** A spread of less than this share of the values is rounding. */
const rounding = 1e-12;

/**
 * Cohen's d of every feature between every two sites, in absolute value: the difference of the sites' means over their
 * pooled standard deviation, d = |m₁ − m₂| / s, s² = ((n₁ − 1) s₁² + (n₂ − 1) s₂²) / (n₁ + n₂ − 2) (Cohen 1988,
 * "Statistical Power Analysis for the Behavioral Sciences", 2nd ed., §2.5.1). By his conventions 0.2 is small, 0.5
 * medium, 0.8 large; without any site effect chance alone makes |d| about 0.67 √(1/n₁ + 1/n₂) in the median.
 *
 * With covariates it is computed in the same way from the values without their effects, slopes being those of the model
 * with sites. Scans of a person at one site count as one, their mean. Missing cells are left out, feature by feature; a
 * pair of sites has no d in a feature that one of them lacks, that has fewer than five values at both together, or
 * that does not vary within them: of two to four values the standard deviation may be next to nothing by chance, and d has no variance.
 *
 * @throws ConcordError `invalid-option` when there is not one person per row; `unknown-column` when the cohort lacks a
 * covariate.
 */
export function siteEffectSizes(cohort: FeatureCohort, options: SiteFigureOptions = {}): SiteEffectSizes {
  requireCall('metrics.siteEffectSizes', { cohort, options });
  return effectSizesOf(personSiteMeans(cohort, options));
}

/** {@link siteEffectSizes} of persons at sites. */
export function effectSizesOf(table: PersonSiteMeans): SiteEffectSizes {
  return effectSizesOfMoments(table, siteMoments(table));
}

/** {@link siteEffectSizes} from the moments of features at sites. */
export function effectSizesOfMoments(
  table: Omit<PersonSiteMeans, 'values'>,
  { counts, means, squares }: SiteMoments,
): SiteEffectSizes {
  const { features, siteNames } = table;
  const width = features.length;
  const couples = sitePairs(table);
  const all = new Float64Array(couples.length * width);
  const perFeature = new Float64Array(width).fill(NaN);
  const pairs = couples.map(([a, b], pair): SitePairEffect => {
    const own = all.subarray(pair * width, (pair + 1) * width);
    for (let k = 0; k < width; k++) {
      const i = a * width + k;
      const j = b * width + k;
      const df = counts[i] + counts[j] - 2;
      const sd = Math.sqrt((squares[i] + squares[j]) / df);
      const varies = df >= fewestDf && sd > rounding * Math.max(Math.abs(means[i]), Math.abs(means[j]));
      own[k] = varies ? Math.abs(means[i] - means[j]) / sd : NaN;
      if (!(own[k] <= perFeature[k]) && varies) perFeature[k] = own[k];
    }
    const most = positionOfLargest(own);
    return {
      sites: [siteNames[a], siteNames[b]],
      median: medianPresent(own),
      largest: own[most] ?? NaN,
      feature: features[most] ?? null,
    };
  });
  return {
    median: medianPresent(all),
    largest: perFeature[positionOfLargest(perFeature)] ?? NaN,
    pairs,
    perFeature,
    adjustedFor: table.adjustedFor,
    issues: table.issues,
  };
}

/** Where the largest value is; −1 when all are `NaN`. */
function positionOfLargest(values: Float64Array): number {
  let most = -1;
  for (let k = 0; k < values.length; k++) {
    if (!Number.isNaN(values[k]) && (most === -1 || values[k] > values[most])) most = k;
  }
  return most;
}
