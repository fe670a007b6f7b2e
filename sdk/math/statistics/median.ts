import { median } from 'simple-statistics';

/** The median of the values that are not `NaN`; `NaN` when there are none. */
export function medianPresent(values: ArrayLike<number>): number {
  const present = Array.from(values).filter((value) => !Number.isNaN(value));
  return present.length === 0 ? NaN : median(present);
}

/** The median of numbers in any order, of two middle ones their mean; `NaN` when there are none. */
export function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
