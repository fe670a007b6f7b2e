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
  const { grouped, starts } = valuesByGroup(values, groups, count);
  const medians = mediansByGroup(grouped, starts);
  const sums = medians.map((median, group) => sumOfDistances(grouped, median, groupAt(starts, group)));
  const means = sums.map((sum, group) => sum / (starts[group + 1] - starts[group]));
  const grand = sums.reduce((sum, own) => sum + own, 0) / values.length;
  let between = 0;
  let within = 0;
  for (let group = 0; group < count; group++) {
    between += (starts[group + 1] - starts[group]) * (means[group] - grand) ** 2;
    within += squaresOfDistances(grouped, medians[group], {
      ...groupAt(starts, group),
      mean: means[group],
    });
  }
  return fStatistic(between, within, { numerator: count - 1, denominator: values.length - count });
}

/** The distance of every value from the median of its group. */
export function distancesFromMedian(values: Float64Array, groups: Int32Array, count: number): Float64Array {
  const { grouped, starts } = valuesByGroup(values, groups, count);
  const medians = mediansByGroup(grouped, starts);
  return values.map((value, i) => Math.abs(value - medians[groups[i]]));
}

/** Values one group after the other, and where each group begins. */
function valuesByGroup(
  values: Float64Array,
  groups: Int32Array,
  count: number,
): { readonly grouped: Float64Array; readonly starts: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < groups.length; i++) starts[groups[i] + 1]++;
  for (let group = 0; group < count; group++) starts[group + 1] += starts[group];
  const next = starts.slice();
  const grouped = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) grouped[next[groups[i]]++] = values[i];
  return { grouped, starts };
}

/** The median of each group, which changes the order within groups; `NaN` of none. */
function mediansByGroup(grouped: Float64Array, starts: Int32Array): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, group) =>
    starts[group] < starts[group + 1] ? medianInPlace(grouped, starts[group], starts[group + 1]) : NaN,
  );
}

/** Where a group begins and ends. */
interface GroupPlace {
  readonly from: number;
  readonly to: number;
}

function groupAt(starts: Int32Array, group: number): GroupPlace {
  return { from: starts[group], to: starts[group + 1] };
}

function sumOfDistances(values: Float64Array, median: number, { from, to }: GroupPlace): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.abs(values[i] - median);
  return sum;
}

/** The sum of squares of distances from the median about their mean. */
function squaresOfDistances(
  values: Float64Array,
  median: number,
  { from, to, mean }: GroupPlace & { readonly mean: number },
): number {
  let squares = 0;
  for (let i = from; i < to; i++) {
    const apart = Math.abs(values[i] - median) - mean;
    squares += apart * apart;
  }
  return squares;
}
