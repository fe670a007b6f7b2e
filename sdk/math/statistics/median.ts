import { median } from 'simple-statistics';

/** The median of the values that are not `NaN`; `NaN` when there are none. */
export function medianPresent(values: ArrayLike<number>): number {
  const present = Array.from(values).filter((value) => !Number.isNaN(value));
  return present.length === 0 ? NaN : median(present);
}
