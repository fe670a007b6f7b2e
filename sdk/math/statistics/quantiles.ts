import { nextNonZero } from '../images/next-non-zero';
import { sortFloats } from './sort-floats';

/**
 * The values in ascending order, copied.
 *
 * @param values - any numbers; `NaN` sorts last, so check for it before you take quantiles
 * @param mask - only values where it is not 0 are taken
 */
export function sortedValues(values: ArrayLike<number>, mask?: Uint8Array): Float64Array {
  return sortFloats(maskedValues(values, mask));
}

/** The values at some places in ascending order. */
export function sortedAt(values: ArrayLike<number>, places: readonly number[]): Float64Array {
  return sortFloats(Float64Array.from(places, (at) => values[at]));
}

/** The values where the mask is not 0, in their order, copied; all of them without a mask. */
export function maskedValues(values: ArrayLike<number>, mask?: Uint8Array): Float64Array {
  if (mask === undefined) return Float64Array.from(values);
  const size = mask.length;
  const next = nextNonZero(mask);
  let count = 0;
  for (let i = next(0, size); i < size; i = next(i, size)) {
    for (; i < size && mask[i] !== 0; i++) count++;
  }
  const taken = new Float64Array(count);
  for (let i = next(0, size), at = 0; i < size; i = next(i, size)) {
    for (; i < size && mask[i] !== 0; i++) taken[at++] = values[i];
  }
  return taken;
}

/**
 * The quantile of sorted values, linear between neighbors: type 7 of Hyndman & Fan 1996 ("Sample quantiles in
 * statistical packages", American Statistician 50:361), the default of numpy and R.
 *
 * @param sorted - in ascending order
 * @param p - share of the values below, from 0 to 1; what is outside is taken as 0 or 1
 * @returns `NaN` of no values
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return NaN;
  const position = Math.min(1, Math.max(0, p)) * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  const share = position - below;
  // From the nearer end, so that equal neighbors give exactly their value and the quantile never overshoots.
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}
