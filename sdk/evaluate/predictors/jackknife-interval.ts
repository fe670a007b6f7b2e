import { studentQuantile } from '../../math/statistics/student-quantile';
import type { Interval } from '../audit';

/**
 * The interval of a smooth statistic of `count` exchangeable units, such as a mean: the estimate ± the quantile of Student's t with
 * count − 1 degrees of freedom times the jackknife's standard error (Tukey 1958; Efron & Tibshirani 1993, chapter 11). Of a mean it is
 * the interval of the t test.
 *
 * It is for few units: the percentiles of resamples of three reach from the smallest to the largest of them, so that one time in four all
 * are on one side of the truth by chance, one time in two with two.
 *
 * @param statistic - given the units that are left; those for which it is `NaN` do not count
 * @returns an interval without width for a single unit
 */
export function jackknifeInterval(
  count: number,
  {
    statistic,
    estimate,
  }: { readonly statistic: (units: readonly number[]) => number; readonly estimate: number },
  { level = 0.95 }: { readonly level?: number } = {},
): Interval {
  const all = Array.from({ length: count }, (_, unit) => unit);
  const without = all
    .map((out) => statistic(all.filter((unit) => unit !== out)))
    .filter((value) => !Number.isNaN(value));
  const n = without.length;
  if (n < 2) return { estimate, low: estimate, high: estimate, level };
  const center = without.reduce((sum, value) => sum + value, 0) / n;
  const squares = without.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const half = studentQuantile((1 + level) / 2, n - 1) * Math.sqrt(((n - 1) / n) * squares);
  return { estimate, low: estimate - half, high: estimate + half, level };
}
