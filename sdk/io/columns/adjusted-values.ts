import type { Covariate } from '../../data/people/covariate';
import type { FeatureMatrix } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { jointCorrelation, jointSpread } from '../../math/statistics/correlation';
import { advise, option } from '../../remedy';

/** So many features are looked at, spread over all. */
const mostLookedAt = 100;
/** Fewer features, or values of one, may be so by chance. */
const fewest = { features: 3, values: 10 } as const;
/** The share of the features that must be so, since the others may have been adjusted by another program. */
const share = 0.8;
/**
 * In standard errors: what rounding leaves of a mean or a correlation that was made zero. By chance one is nearer to zero than this
 * in 4 of 1,000 features.
 */
const rounding = 0.005;

/**
 * Warns of measures that were adjusted before, as their values say: means that are the same at every site (centered or z-scored site by
 * site), or no correlation at all with a covariate (residuals of a regression). Measures have differences by chance, so that
 * such zeros are made.
 */
export function adjustedValuesIssues(
  matrix: FeatureMatrix,
  { sites, covariates }: { readonly sites: readonly string[]; readonly covariates: readonly Covariate[] },
  file: string,
): readonly Issue[] {
  const columns = sampleColumns(matrix);
  if (columns.length < fewest.features) return [];
  const areAll = (isZero: (own: Float64Array) => boolean): boolean => {
    let others = 0;
    // Most tables are done after a few features.
    return columns.every((own) => isZero(own) || ++others <= (1 - share) * columns.length);
  };
  const issues: Issue[] = [];
  if (new Set(sites).size > 1 && areAll((own) => haveOneMean(own, sites))) {
    const message =
      `features of ${file} have the same mean at every site, to rounding: they were centered or z-scored site by site before, ` +
      'so that what sites differ by in age and the like is gone with their effects, and the figures before harmonizing are not those of the measures';
    issues.push(makeIssue('adjusted-before', message, { file }));
  }
  for (const covariate of covariates) {
    if (!areAll((own) => isUnrelated(own, covariate))) continue;
    const { name } = covariate;
    const message =
      `features of ${file} have no relation to ${name} at all, to rounding: they are residuals of a regression on it, so that it has no ` +
      'effect to preserve, and what sites differ by went with it where they differ in it';
    issues.push(
      makeIssue(
        'adjusted-before',
        message,
        { file, column: name },
        advise`harmonize the measures as they were before the regression, with ${option('preserve', name)}, and take residuals afterwards`,
      ),
    );
  }
  return issues;
}

/** Some columns of a matrix, spread over all of it. */
function sampleColumns({ values, features, subjects }: FeatureMatrix): readonly Float64Array[] {
  const width = features.length;
  const count = Math.min(width, mostLookedAt);
  return Array.from({ length: count }, (_, i) => {
    const at = Math.floor((i * width) / count);
    return Float64Array.from(subjects, (_name, row) => values[row * width + at]);
  });
}

/** Whether the means of some values are the same in all groups, which are several. */
function haveOneMean(values: Float64Array, groups: ArrayLike<string | number>): boolean {
  const sums = new Map<string | number, { sum: number; count: number }>();
  let [total, count] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (Number.isNaN(value)) continue;
    const own = sums.get(groups[row]) ?? { sum: 0, count: 0 };
    own.sum += value;
    own.count++;
    sums.set(groups[row], own);
    total += value;
    count++;
  }
  if (count < fewest.values || sums.size < 2) return false;
  const mean = total / count;
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / count);
  return (
    deviation > 0 &&
    [...sums.values()].every(
      (own) => (Math.abs(own.sum / own.count - mean) / deviation) * Math.sqrt(own.count) < rounding,
    )
  );
}

/** Whether some values have no linear relation to a covariate. */
function isUnrelated(values: Float64Array, covariate: Covariate): boolean {
  if (covariate.kind === 'categorical') {
    const known = values.map((value, row) => (covariate.codes[row] === -1 ? NaN : value));
    return haveOneMean(known, covariate.codes);
  }
  const spread = jointSpread(values, covariate.values);
  return (
    spread.count >= fewest.values && Math.abs(jointCorrelation(spread)) * Math.sqrt(spread.count) < rounding
  );
}
