import { mean, quantileSorted } from 'simple-statistics';
import { makeRandom } from '../math/random';
import type { Interval } from './audit';

/** How a bootstrap is drawn. */
export interface BootstrapOptions {
  readonly seed: number;
  /** @defaultValue 0.95 */
  readonly level?: number;
  /** @defaultValue 2000 */
  readonly resamples?: number;
}

/**
 * The percentile bootstrap interval (Efron & Tibshirani 1993, chapter 13) of a statistic of `count` exchangeable
 * units, which are drawn with replacement.
 *
 * @param statistic - given the units drawn; resamples on which it is `NaN` do not count
 * @param estimate - its value on the data as they are
 */
export function bootstrapInterval(
  count: number,
  { statistic, estimate }: { readonly statistic: (units: Int32Array) => number; readonly estimate: number },
  { seed, level = 0.95, resamples = 2000 }: BootstrapOptions,
): Interval {
  const random = makeRandom(seed);
  const units = new Int32Array(count);
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    for (let i = 0; i < count; i++) units[i] = random.integer(count);
    const value = statistic(units);
    if (!Number.isNaN(value)) values.push(value);
  }
  if (values.length === 0) return { estimate, low: NaN, high: NaN, level };
  values.sort((a, b) => a - b);
  return {
    estimate,
    low: quantileSorted(values, (1 - level) / 2),
    high: quantileSorted(values, (1 + level) / 2),
    level,
  };
}

/** The mean of values, for example one per seed, with its percentile bootstrap interval. */
export function bootstrapMean(values: readonly number[], options: BootstrapOptions): Interval {
  const statistic = (units: Int32Array): number => {
    let sum = 0;
    for (const unit of units) sum += values[unit];
    return sum / units.length;
  };
  return bootstrapInterval(values.length, { statistic, estimate: mean([...values]) }, options);
}
