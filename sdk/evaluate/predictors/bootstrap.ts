import { mean, quantileSorted } from 'simple-statistics';
import { makeRandom } from '../../math/random';
import type { Interval } from '../audit';
import { personUnits, siteGroups } from '../persons/person-units';

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

/** {@link BootstrapOptions} of {@link bootstrapWithinGroups}. */
export interface GroupBootstrapOptions extends BootstrapOptions {
  /**
   * The person of each measurement, 0 …: the measurements of a person are drawn together.
   *
   * @defaultValue each is of another person
   */
  readonly persons?: Int32Array;
}

/**
 * The mean over groups of each group's mean (the balanced accuracy, when values say who was named correctly), with its
 * percentile bootstrap interval: persons are drawn with replacement among those of the same groups, with all that was
 * measured of them (the cluster bootstrap: Davison & Hinkley 1997, section 3.8), and for each person drawn one of the
 * repeats. Averaging over repeats instead would leave out that all of them share the same training data, and make the
 * interval too narrow.
 *
 * @param repeats - per repeat, the value of each measurement
 * @param groups - group of each measurement, 0 …; those of one person may be in several
 */
export function bootstrapWithinGroups(
  repeats: readonly Float64Array[],
  groups: Int32Array,
  options: GroupBootstrapOptions,
): Interval {
  const { members } = personUnits(Array.from(options.persons ?? groups.keys(), String));
  const strata: number[][] = [];
  siteGroups(members, groups).forEach((stratum, person) => (strata[stratum] ??= []).push(person));
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  const add = (person: number, values: Float64Array): void => {
    const own = members[person];
    for (let i = 0; i < own.length; i++) {
      sums[groups[own[i]]] += values[own[i]];
      sizes[groups[own[i]]]++;
    }
  };
  const overGroups = (): number => {
    const met = Array.from(sums, (sum, group) => sum / sizes[group]).filter((value) => !Number.isNaN(value));
    sums.fill(0);
    sizes.fill(0);
    return mean(met);
  };
  const random = makeRandom(options.seed);
  const draw = (): number => {
    for (const own of strata) {
      for (let drawn = 0; drawn < own.length; drawn++) {
        const values = repeats[random.integer(repeats.length)];
        add(own[random.integer(own.length)], values);
      }
    }
    return overGroups();
  };
  const averages = Float64Array.from(groups, (_, item) => mean(repeats.map((values) => values[item])));
  members.forEach((_, person) => add(person, averages));
  const estimate = overGroups();
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
