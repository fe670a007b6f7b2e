import { chiSquareUpperTail } from '../../math/statistics/chi-square-distribution';
import { midRanks } from '../../math/statistics/mid-ranks';
import type { BasisVector } from '../../math/linear/orthonormal-basis';
import type { Statistic } from '../statistic';
import { NOT_COMPUTABLE } from '../statistic';
import type { SiteSpan } from './site-span';
import { squaresAlongSites } from './site-span';
import { withinPersons } from '../persons/within-persons';

/**
 * The Kruskal–Wallis test that groups share one distribution, adjusted for covariates: the aligned-rank test (Puri &
 * Sen 1985, "Nonparametric Methods in General Linear Models", chapter 7). Residuals after the covariates alone are
 * ranked (mid-ranks); H is the sum of squares of the ranks along what the groups add to the covariates, over the mean
 * square of the ranks beside the covariates, p from χ². Without covariates it is Kruskal–Wallis with its correction for
 * ties (1952, JASA 47:583).
 *
 * Ranks along the covariates do not count, so a covariate that differs between groups is not taken for an effect of the
 * groups. Nor does adjusting for it make the test blind or, as slopes within the groups would, too liberal (the error
 * of those slopes shifts whole groups).
 *
 * @param residuals - what is left of the values after `covariates`
 * @param covariates - directions of intercept and covariates
 * @param groups - directions that the groups add to those
 * @param span - the same by sums over groups, which takes less time
 * @param blocks - the block of each value, 0 …, where values are compared within blocks; all directions are then within
 * blocks, and `covariates` has no intercept
 */
export function alignedRankTest(
  residuals: Float64Array,
  {
    covariates,
    groups,
    span,
    blocks,
  }: {
    readonly covariates: readonly BasisVector[];
    readonly groups: readonly BasisVector[];
    readonly span?: SiteSpan;
    readonly blocks?: Int32Array;
  },
): Statistic {
  const n = residuals.length;
  const blockCount = blocks === undefined ? 0 : new Set(blocks).size;
  const df = n - blockCount - covariates.length;
  if (groups.length === 0 || df < 1) return NOT_COMPUTABLE;
  const all = midRanks(residuals);
  const ranks = blocks === undefined ? all : withinPersons(all, blocks, blockCount);
  let left = 0;
  for (let i = 0; i < n; i++) {
    // Centered first, so that what is left is not a small difference of large sums.
    if (blocks === undefined) ranks[i] -= (n + 1) / 2;
    left += ranks[i] * ranks[i];
  }
  left -= squaresAlong(ranks, covariates);
  if (!(left > 0)) return NOT_COMPUTABLE;
  const between = span === undefined ? squaresAlong(ranks, groups) : squaresAlongSites(ranks, span);
  const statistic = (df * between) / left;
  return { statistic, p: chiSquareUpperTail(statistic, groups.length) };
}

function squaresAlong(values: Float64Array, basis: readonly BasisVector[]): number {
  let total = 0;
  let at = 0;
  // Four directions at once: one sum at a time would wait for each addition.
  for (; at + 3 < basis.length; at += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((more) => basis[at + more].direction);
    let [p, q, r, s] = [0, 0, 0, 0];
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      p += value * a[i];
      q += value * b[i];
      r += value * c[i];
      s += value * d[i];
    }
    total += p * p;
    total += q * q;
    total += r * r;
    total += s * s;
  }
  for (; at < basis.length; at++) {
    const { direction } = basis[at];
    let product = 0;
    for (let i = 0; i < values.length; i++) product += values[i] * direction[i];
    total += product * product;
  }
  return total;
}
