import type { FeaturePoints } from '../probes/frechet-distance';
import { requirePoints } from '../probes/frechet-distance';

/** An estimate, and how far it may be off. */
export interface KernelDistance {
  /** The squared maximum mean discrepancy. 0 on average for sets of one distribution, so it can fall below 0. */
  readonly estimate: number;
  /** Its jackknife standard error; `NaN` with fewer than three points in a set. */
  readonly standardError: number;
}

/**
 * The squared maximum mean discrepancy of two sets of points, without bias whatever their sizes (Gretton et al. 2012,
 * JMLR 13:723, equation 3), with the cubic kernel (x·y/d + 1)³. Of a network's features it is the KID (Bińkowski et al.
 * 2018, arXiv:1801.01401), here on all points at once instead of random subsets. The standard error is that of the
 * jackknife of a statistic of two samples (Arvesen 1969, Ann. Math. Stat. 40:2076): each point is left out once, and the
 * variances of both sets add up. It takes points as independent, which slices of one scan are not: read it as the least
 * that the error can be.
 *
 * @throws ConcordError `too-little-data` with fewer than two points in a set; `invalid-option` when their features differ;
 * `invalid-number`.
 */
export function kernelDistance(one: FeaturePoints, other: FeaturePoints): KernelDistance {
  requirePoints(one, other);
  const [a, b] = [sumsWithin(one), sumsWithin(other)];
  const across = sumsAcross(one, other);
  const [n, m] = [one.rows, other.rows];
  const estimate = total(a) / (n * (n - 1)) + total(b) / (m * (m - 1)) - (2 * total(across.ofOne)) / (n * m);
  const variance = jackknife(a, b, across.ofOne) + jackknife(b, a, across.ofOther);
  return { estimate, standardError: Math.sqrt(variance) };
}

/** The variance that a set contributes: of the estimates without each of its points, from sums that are there already. */
function jackknife(own: Float64Array, fixed: Float64Array, across: Float64Array): number {
  const [n, m] = [own.length, fixed.length];
  if (n < 3) return NaN;
  const [ownTotal, acrossTotal] = [total(own), total(across)];
  const rest = total(fixed) / (m * (m - 1));
  // A point stands in the sum over its set twice: as the first and as the second of a pair.
  const without = own.map(
    (sum, i) =>
      (ownTotal - 2 * sum) / ((n - 1) * (n - 2)) + rest - (2 * (acrossTotal - across[i])) / ((n - 1) * m),
  );
  const mean = total(without) / n;
  return ((n - 1) / n) * without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** For each point the sum of its kernels with the other points of its set. */
function sumsWithin(points: FeaturePoints): Float64Array {
  const sums = new Float64Array(points.rows);
  for (let i = 0; i < points.rows; i++) {
    for (let j = 0; j < i; j++) {
      const value = kernel(points, i, points, j);
      sums[i] += value;
      sums[j] += value;
    }
  }
  return sums;
}

/** For each point the sum of its kernels with all points of the other set. */
function sumsAcross(
  one: FeaturePoints,
  other: FeaturePoints,
): { readonly ofOne: Float64Array; readonly ofOther: Float64Array } {
  const sums = { ofOne: new Float64Array(one.rows), ofOther: new Float64Array(other.rows) };
  for (let i = 0; i < one.rows; i++) {
    for (let j = 0; j < other.rows; j++) {
      const value = kernel(one, i, other, j);
      sums.ofOne[i] += value;
      sums.ofOther[j] += value;
    }
  }
  return sums;
}

function kernel(
  { values: x, columns }: FeaturePoints,
  i: number,
  { values: y }: FeaturePoints,
  j: number,
): number {
  let product = 0;
  for (let k = 0; k < columns; k++) product += x[i * columns + k] * y[j * columns + k];
  return (product / columns + 1) ** 3;
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
