import { medianOf } from './median';
import { chiSquareUpperTail } from './chi-square-distribution';
import { midRanks } from './mid-ranks';
import { normalQuantile } from './normal-quantile';

/**
 * The Fligner–Killeen test that groups have the same spread: normal scores of the ranks of the distances from the group's median,
 * as R's `fligner.test` has it (Conover, Johnson & Johnson 1981, Technometrics 23:351). It asks nothing of the distribution,
 * and few extreme values do not move it.
 *
 * @param groups - the group of each value, 0 … count − 1
 * @returns `NaN` where there are fewer than two groups or no spread
 */
export function flignerKilleen(
  values: Float64Array,
  groups: Int32Array,
  count: number,
): { readonly statistic: number; readonly p: number } {
  const members = Array.from({ length: count }, (_, group) => values.filter((__, i) => groups[i] === group));
  const medians = members.map(medianOf);
  const ranks = midRanks(values.map((value, i) => Math.abs(value - medians[groups[i]])));
  const n = values.length;
  const scores = ranks.map((rank) => normalQuantile((1 + rank / (n + 1)) / 2));
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (n - 1);
  const sums = new Float64Array(count);
  scores.forEach((score, i) => (sums[groups[i]] += score));
  const between = members.reduce(
    (sum, { length }, group) => (length === 0 ? sum : sum + length * (sums[group] / length - mean) ** 2),
    0,
  );
  const met = members.filter(({ length }) => length > 0).length;
  if (met < 2 || !(variance > 0)) return { statistic: NaN, p: NaN };
  const statistic = between / variance;
  return { statistic, p: chiSquareUpperTail(statistic, met - 1) };
}
