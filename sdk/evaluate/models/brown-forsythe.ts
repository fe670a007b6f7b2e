import type { Statistic } from '../statistic';
import { fStatistic, NOT_COMPUTABLE } from '../statistic';

/**
 * The Brown–Forsythe test that groups have the same spread: one-way analysis of variance of the distances from
 * each group's median (Brown & Forsythe 1974, JASA 69:364).
 *
 * @param groups - group of each value, 0 … count − 1, none empty
 */
export function brownForsythe(values: Float64Array, groups: Int32Array, count: number): Statistic {
  if (count < 2 || values.length <= count) return NOT_COMPUTABLE;
  const distances = distancesFromMedian(values, groups, count);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  let total = 0;
  distances.forEach((distance, i) => {
    sums[groups[i]] += distance;
    sizes[groups[i]]++;
    total += distance;
  });
  const grand = total / values.length;
  let between = 0;
  for (let group = 0; group < count; group++)
    between += sizes[group] * (sums[group] / sizes[group] - grand) ** 2;
  let within = 0;
  distances.forEach((distance, i) => {
    within += (distance - sums[groups[i]] / sizes[groups[i]]) ** 2;
  });
  return fStatistic(between, within, { numerator: count - 1, denominator: values.length - count });
}

/** The distance of every value from the median of its group. */
export function distancesFromMedian(values: Float64Array, groups: Int32Array, count: number): Float64Array {
  const sizes = new Int32Array(count);
  for (const group of groups) sizes[group]++;
  const starts = new Int32Array(count + 1);
  for (let group = 0; group < count; group++) starts[group + 1] = starts[group] + sizes[group];
  const next = starts.slice();
  const grouped = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) grouped[next[groups[i]]++] = values[i];
  const medians = Float64Array.from(sizes, (size, group) => {
    const members = grouped.subarray(starts[group], starts[group + 1]).sort();
    const middle = size >> 1;
    return size % 2 === 1 ? members[middle] : (members[middle - 1] + members[middle]) / 2;
  });
  return values.map((value, i) => Math.abs(value - medians[groups[i]]));
}
