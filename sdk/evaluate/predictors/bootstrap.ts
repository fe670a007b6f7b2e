import { mean } from 'simple-statistics';
import { makeRandom } from '../../math/random';
import type { Interval } from '../audit';
import type { PersonUnits } from '../persons/person-units';
import { personUnits, siteGroups } from '../persons/person-units';
import type { GroupHits } from './hits-bootstrap';
import { bootstrapHits } from './hits-bootstrap';
import { keptDraws } from './kept-draws';
import type { BootstrapOptions } from './percentile-interval';
import { intervalOf, percentileInterval } from './percentile-interval';

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
  const hits = hitsOfGroups(repeats, groups, persons);
  if (hits !== undefined) return bootstrapHits(hits, options);
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
  const ofResample = (resample: number): number => {
    for (let at = resample * members.length, drawing = 0; drawing < members.length; drawing++, at++) {
      const repeat = Math.floor(drawn.codes[at] / members.length);
      add(drawn.codes[at] - repeat * members.length, repeats[repeat]);
    }
    return overGroups();
  };
  return percentileInterval(ofResample, estimate, options);
}

/** What each group was named correctly of, where every person has one measurement, which is right or wrong: nearly always. */
function hitsOfGroups(
  repeats: readonly Float64Array[],
  groups: Int32Array,
  persons: Int32Array,
): readonly GroupHits[] | undefined {
  if (new Set(persons).size < persons.length) return undefined;
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const sizes = new Float64Array(count);
  const hits = new Float64Array(count);
  for (const values of repeats) if (!countHits(values, groups, { sizes, hits })) return undefined;
  const share = (group: number): GroupHits => ({
    persons: sizes[group] / repeats.length,
    hits: hits[group] / repeats.length,
  });
  return [...sizes.keys()].filter((group) => sizes[group] > 0).map(share);
}

/** Counts who is right in each group; false where a value is neither right nor wrong. */
function countHits(
  values: Float64Array,
  groups: Int32Array,
  { sizes, hits }: { readonly sizes: Float64Array; readonly hits: Float64Array },
): boolean {
  for (let item = 0; item < groups.length; item++) {
    if (values[item] !== 0 && values[item] !== 1) return false;
    sizes[groups[item]]++;
    hits[groups[item]] += values[item];
  }
  return true;
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
  // Of one value every resample is that value.
  if (values.length === 1) return intervalOf(Float64Array.from(values), values[0], options.level);
  const statistic = (units: Int32Array): number => {
    let sum = 0;
    for (const unit of units) sum += values[unit];
    return sum / units.length;
  };
  return bootstrapInterval(values.length, { statistic, estimate: mean([...values]) }, options);
}
