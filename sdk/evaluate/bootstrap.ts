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
  options: BootstrapOptions,
): Interval {
  const random = makeRandom(options.seed);
  const units = new Int32Array(count);
  const draw = (): number => {
    for (let i = 0; i < count; i++) units[i] = random.integer(count);
    return statistic(units);
  };
  return percentileInterval(draw, estimate, options);
}

/** The percentiles of a statistic drawn again and again. */
function percentileInterval(
  draw: () => number,
  estimate: number,
  { level = 0.95, resamples = 2000 }: BootstrapOptions,
): Interval {
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    const value = draw();
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

/**
 * The mean over groups of each group's mean (the balanced accuracy, when values say who was named correctly), with its
 * percentile bootstrap interval: units are drawn with replacement within their group, and for each unit drawn one of
 * its repeated measurements. Averaging a unit's repeats instead would leave out that all of them share the same
 * training data, and make the interval too narrow.
 *
 * @param repeats - per repeat, the value of each unit
 * @param groups - group of each unit, 0 …
 */
export function bootstrapWithinGroups(
  repeats: readonly Float64Array[],
  groups: Int32Array,
  options: BootstrapOptions,
): Interval {
  const members: number[][] = [];
  groups.forEach((group, unit) => (members[group] ??= []).push(unit));
  const met = members.filter((own) => own.length > 0);
  const overGroups = (ofUnit: (unit: number, own: readonly number[]) => number): number =>
    mean(met.map((own) => mean(own.map((unit) => ofUnit(unit, own)))));
  const random = makeRandom(options.seed);
  const draw = (): number =>
    overGroups((_, own) => repeats[random.integer(repeats.length)][own[random.integer(own.length)]]);
  const estimate = overGroups((unit) => mean(repeats.map((values) => values[unit])));
  return percentileInterval(draw, estimate, options);
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
