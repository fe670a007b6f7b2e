import { midRanks } from './mid-ranks';

/**
 * Spearman's rank correlation (1904, American Journal of Psychology 15:72): Pearson's correlation of the ranks, equal
 * values sharing the mean of theirs. The one of `simple-statistics` gives equal values ranks in the order in which they
 * come, which is no correlation of theirs.
 *
 * @returns from −1 to 1; `NaN` with fewer than two pairs, or when either side does not vary
 */
export function rankCorrelation(a: Float64Array, b: Float64Array): number {
  const middle = (a.length + 1) / 2;
  const x = midRanks(a);
  const y = midRanks(b);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - middle) * (y[i] - middle);
    xx += (x[i] - middle) ** 2;
    yy += (y[i] - middle) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : NaN;
}
