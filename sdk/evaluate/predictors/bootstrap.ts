import { mean, quantileSorted } from 'simple-statistics';
import { makeRandom } from '../../math/random';
import type { Interval } from '../audit';
import type { PersonUnits } from '../persons/person-units';
import { personUnits, siteGroups } from '../persons/person-units';
import { keptDraws } from './kept-draws';

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

/**
 * The percentiles of a statistic drawn again and again.
 *
 * @param draw - the statistic of a resample, 0 …; those that are `NaN` do not count
 */
export function percentileInterval(
  draw: (resample: number) => number,
  estimate: number,
  { level = 0.95, resamples = 2000 }: Omit<BootstrapOptions, 'seed'>,
): Interval {
  const drawn = Float64Array.from({ length: resamples }, (_, resample) => draw(resample));
  const values = Array.from(drawn.filter((value) => !Number.isNaN(value)).sort());
  if (values.length === 0) return { estimate, low: NaN, high: NaN, level };
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
  /**
   * What the draws are kept with, for other measurements of the same persons, see {@link keptDraws}.
   *
   * @defaultValue nothing: they are not kept
   */
  readonly keptWith?: object;
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
  const { seed, resamples = 2000, persons = Int32Array.from(groups.keys()), keptWith } = options;
  const { members } = personUnits(Array.from(persons, String));
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
    let [sum, met] = [0, 0];
    for (let group = 0; group < count; group++) {
      if (sizes[group] === 0) continue;
      sum += sums[group] / sizes[group];
      met++;
    }
    sums.fill(0);
    sizes.fill(0);
    return sum / met;
  };
  const averages = Float64Array.from(groups, (_, item) => mean(repeats.map((values) => values[item])));
  members.forEach((_, person) => add(person, averages));
  const estimate = overGroups();
  const key = `${seed} ${resamples} ${repeats.length} ${persons.join(' ')} of ${groups.join(' ')}`;
  const drawn = keptDraws(keptWith, key, () => {
    return { codes: drawWithinGroups(members, groups, { seed, resamples, repeats: repeats.length }) };
  });
  const draws = (resample: number): Int32Array =>
    drawn.codes.subarray(resample * members.length, (resample + 1) * members.length);
  // Nearly always a person has one measurement: then each group is drawn as often as it has members, one group after the other.
  if (members.every((own) => own.length === 1)) {
    const items = Int32Array.from(members, ([item]) => item);
    const ofCode = new Float64Array(repeats.length * items.length);
    repeats.forEach((values, repeat) =>
      items.forEach((item, person) => (ofCode[repeat * items.length + person] = values[item])),
    );
    const inGroup = new Int32Array(count);
    for (const group of groups) inGroup[group]++;
    const met = inGroup.filter((size) => size > 0).length;
    const ofSingles = (resample: number): number => {
      const codes = draws(resample);
      let total = 0;
      for (let group = 0, at = 0; group < count; group++) {
        const size = inGroup[group];
        if (size === 0) continue;
        let sum = 0;
        for (const end = at + size; at < end; at++) sum += ofCode[codes[at]];
        total += sum / size;
      }
      return total / met;
    };
    return percentileInterval(ofSingles, estimate, options);
  }
  const ofResample = (resample: number): number => {
    for (const code of draws(resample)) {
      const repeat = Math.floor(code / members.length);
      add(code - repeat * members.length, repeats[repeat]);
    }
    return overGroups();
  };
  return percentileInterval(ofResample, estimate, options);
}

/** For each resample, of as many persons as there are: the person and the repeat, as repeat × persons + person. */
function drawWithinGroups(
  members: PersonUnits['members'],
  groups: Int32Array,
  {
    seed,
    resamples,
    repeats,
  }: { readonly seed: number; readonly resamples: number; readonly repeats: number },
): Int32Array {
  const strata: number[][] = [];
  siteGroups(members, groups).forEach((stratum, person) => (strata[stratum] ??= []).push(person));
  const random = makeRandom(seed);
  const codes = new Int32Array(resamples * members.length);
  for (let resample = 0, at = 0; resample < resamples; resample++) {
    for (const own of strata) {
      for (let drawn = 0; drawn < own.length; drawn++) {
        const repeat = random.integer(repeats);
        codes[at++] = repeat * members.length + own[random.integer(own.length)];
      }
    }
  }
  return codes;
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
