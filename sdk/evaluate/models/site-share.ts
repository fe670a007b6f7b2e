import type { FeatureCohort } from '../../data/cohort';
import { siteCodes, siteNames } from '../../data/people/participants';

/**
 * The share of a feature's variance that is between sites (η², the one-way sum of squares between groups over
 * the total), over the subjects with a value.
 *
 * @param values - one per subject; `NaN` where missing
 * @param codes - the site index of each subject, from 0
 * @returns from 0 to 1; `NaN` when the values do not differ
 */
export function siteShare(values: ArrayLike<number>, codes: Int32Array): number {
  return siteShares({ values, columns: 1 }, codes)[0];
}

/**
 * {@link siteShare} of every column of a table, row by row as they are in memory.
 *
 * @param table - subjects × columns, row-major
 */
export function siteShares(
  { values, columns }: { readonly values: ArrayLike<number>; readonly columns: number },
  codes: Int32Array,
): Float64Array {
  const sites = codes.reduce((most, code) => Math.max(most, code + 1), 0);
  const sums = new Float64Array(sites * columns);
  const counts = new Float64Array(sites * columns);
  for (let row = 0, at = 0; row < codes.length; row++) {
    for (let k = 0, own = codes[row] * columns; k < columns; k++, own++, at++) {
      if (Number.isNaN(values[at])) continue;
      sums[own] += values[at];
      counts[own]++;
    }
  }
  const means = new Float64Array(columns);
  const used = new Float64Array(columns);
  for (let at = 0; at < sums.length; at++) {
    means[at % columns] += sums[at];
    used[at % columns] += counts[at];
  }
  for (let k = 0; k < columns; k++) means[k] /= used[k];
  const between = new Float64Array(columns);
  for (let at = 0; at < sums.length; at++) {
    if (counts[at] > 0)
      between[at % columns] += counts[at] * (sums[at] / counts[at] - means[at % columns]) ** 2;
  }
  const all = squaresAbout(means, { values, columns }, codes.length);
  return all.map((total, k) => (total > 0 ? between[k] / total : NaN));
}

function squaresAbout(
  means: Float64Array,
  { values, columns }: { readonly values: ArrayLike<number>; readonly columns: number },
  rows: number,
): Float64Array {
  const squares = new Float64Array(columns);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let k = 0; k < columns; k++, at++) {
      if (!Number.isNaN(values[at])) squares[k] += (values[at] - means[k]) ** 2;
    }
  }
  return squares;
}

/** The names of features by the share of their variance between sites, largest first; those without one are left out. */
export function featuresBySiteShare({ participants, features }: FeatureCohort): readonly string[] {
  const codes = siteCodes(participants, siteNames(participants));
  const shares = siteShares({ values: features.values, columns: features.features.length }, codes);
  return [...shares.keys()]
    .filter((column) => !Number.isNaN(shares[column]))
    .sort((a, b) => shares[b] - shares[a])
    .map((column) => features.features[column]);
}
