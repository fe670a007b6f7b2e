import { quantile, sortedValues } from './quantiles';

/** The median of the values that are not `NaN`; `NaN` when there are none. */
export function medianPresent(values: Float64Array): number {
  return quantile(sortedValues(values.filter((value) => !Number.isNaN(value))), 0.5);
}
