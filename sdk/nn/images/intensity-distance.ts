import { sortedValues } from '../../math/statistics/quantiles';

/** Quantiles that are compared. */
const quantiles = 200;

/** The mean absolute difference of the quantiles of two sets of intensities; `undefined` where one is empty. */
export function intensityDistance(one: Float32Array, other: Float32Array): number | undefined {
  if (one.length === 0 || other.length === 0) return undefined;
  const [a, b] = [sortedValues(one), sortedValues(other)];
  const at = (sorted: Float64Array, share: number): number => sorted[Math.floor(share * sorted.length)];
  let sum = 0;
  for (let i = 0; i < quantiles; i++) sum += Math.abs(at(a, i / quantiles) - at(b, i / quantiles));
  return sum / quantiles;
}

/** The sum of the absolute differences of two arrays. */
export function absoluteDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0);
}
