import { medianInPlace } from '../../math/statistics/median-in-place';
import type { Statistic } from '../statistic';
import { fStatistic, NOT_COMPUTABLE } from '../statistic';

/**
 * Groups with fewer values say nothing of spread: one value is its own median, and two are equally far from theirs, whatever
 * they are, so that they take away from the spread of distances within groups. Of groups of two alone every test is significant;
 * among three groups of 100, 20 of two make 19 % of tests significant at 0.05, and 20 of one 38 %.
 */
export const FEWEST_OF_SPREAD = 3;

/**
 * The Brown–Forsythe test that groups have the same spread: one-way analysis of variance of the distances from
 * each group's median (Brown & Forsythe 1974, JASA 69:364). Groups of one or two values take no part
 * ({@link FEWEST_OF_SPREAD}).
 *
 * @param groups - group of each value, 0 … count − 1, none empty
 */
export function brownForsythe(values: Float64Array, groups: Int32Array, count: number): Statistic {
  const enough = largeGroups(groups, count);
  if (enough.count === count) return testOfSpread(values, groups, count);
  const rows = groups.map((_, row) => row).filter((row) => enough.codes[groups[row]] !== -1);
  return testOfSpread(
    Float64Array.from(rows, (row) => values[row]),
    rows.map((row) => enough.codes[groups[row]]),
    enough.count,
  );
}

/** New codes for groups of {@link FEWEST_OF_SPREAD} values or more, −1 for others, and how many groups these are. */
function largeGroups(
  groups: Int32Array,
  count: number,
): { readonly codes: Int32Array; readonly count: number } {
  const sizes = new Int32Array(count);
  for (let i = 0; i < groups.length; i++) sizes[groups[i]]++;
  let large = 0;
  const codes = sizes.map((size) => (size >= FEWEST_OF_SPREAD ? large++ : -1));
  return { codes, count: large };
}

function testOfSpread(values: Float64Array, groups: Int32Array, count: number): Statistic {
  if (count < 2) return NOT_COMPUTABLE;
  const distances = distancesFromMedian(values, groups, count);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < distances.length; i++) {
    sums[groups[i]] += distances[i];
    sizes[groups[i]]++;
    total += distances[i];
  }
  const grand = total / values.length;
  let between = 0;
  for (let group = 0; group < count; group++)
    between += sizes[group] * (sums[group] / sizes[group] - grand) ** 2;
  let within = 0;
  const means = sums.map((sum, group) => sum / sizes[group]);
  for (let i = 0; i < distances.length; i++) {
    const apart = distances[i] - means[groups[i]];
    within += apart * apart;
  }
  return fStatistic(between, within, { numerator: count - 1, denominator: values.length - count });
}

/** The distance of every value from the median of its group. */
export function distancesFromMedian(values: Float64Array, groups: Int32Array, count: number): Float64Array {
  const sizes = new Int32Array(count);
  for (let i = 0; i < groups.length; i++) sizes[groups[i]]++;
  const starts = new Int32Array(count + 1);
  for (let group = 0; group < count; group++) starts[group + 1] = starts[group] + sizes[group];
  const next = starts.slice();
  const grouped = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) grouped[next[groups[i]]++] = values[i];
  const medians = new Float64Array(count).fill(NaN);
  for (let group = 0; group < count; group++) {
    if (sizes[group] > 0) medians[group] = medianInPlace(grouped, starts[group], starts[group + 1]);
  }
  // What was sorted by group is wanted no more.
  const distances = grouped;
  for (let i = 0; i < values.length; i++) distances[i] = Math.abs(values[i] - medians[groups[i]]);
  return distances;
}
