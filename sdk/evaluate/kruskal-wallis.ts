import { chiSquareUpperTail } from '../math/chi-square-distribution';
import type { Statistic } from './statistic';
import { NOT_COMPUTABLE } from './statistic';

/**
 * The Kruskal–Wallis test that groups share one distribution: H from mid-ranks, corrected for ties, p from χ² with
 * groups − 1 degrees of freedom (Kruskal & Wallis 1952, JASA 47:583). Cost O(n log n).
 *
 * @param groups - group of each value, 0 … count − 1, none empty
 */
export function kruskalWallis(values: Float64Array, groups: Int32Array, count: number): Statistic {
  const n = values.length;
  if (count < 2) return NOT_COMPUTABLE;
  const sorted = Float64Array.from(values).sort();
  const rankSums = new Float64Array(count);
  const sizes = new Float64Array(count);
  for (let i = 0; i < n; i++) {
    const below = lowerBound(sorted, values[i]);
    let upTo = below + 1;
    while (upTo < n && sorted[upTo] === values[i]) upTo++;
    rankSums[groups[i]] += (below + 1 + upTo) / 2;
    sizes[groups[i]]++;
  }
  let spread = 0;
  for (let group = 0; group < count; group++) {
    spread += sizes[group] * (rankSums[group] / sizes[group] - (n + 1) / 2) ** 2;
  }
  const ties = 1 - tieSum(sorted) / (n ** 3 - n);
  if (!(ties > 0)) return NOT_COMPUTABLE;
  const statistic = (12 * spread) / (n * (n + 1)) / ties;
  return { statistic, p: chiSquareUpperTail(statistic, count - 1) };
}

/** How many sorted values are less than `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Σ (t³ − t) over runs of t equal values. */
function tieSum(sorted: Float64Array): number {
  let sum = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    const run = to - from;
    sum += run ** 3 - run;
    from = to;
  }
  return sum;
}
