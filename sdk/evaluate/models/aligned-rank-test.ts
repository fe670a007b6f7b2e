import { chiSquareUpperTail } from '../../math/statistics/chi-square-distribution';
import { midRanks } from '../../math/statistics/mid-ranks';
import { dot } from '../../math/linear/dot';
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
  // Centered first, so that what is left is not a small difference of large sums.
  if (blocks === undefined) lower(ranks, (n + 1) / 2);
  const left = dot(ranks, ranks) - squaresAlong(ranks, covariates);
  if (!(left > 0)) return NOT_COMPUTABLE;
  const between = span === undefined ? squaresAlong(ranks, groups) : squaresAlongSites(ranks, span);
  const statistic = (df * between) / left;
  return { statistic, p: chiSquareUpperTail(statistic, groups.length) };
}

function lower(values: Float64Array, by: number): void {
  for (let i = 0; i < values.length; i++) values[i] -= by;
}

function squaresAlong(values: Float64Array, basis: readonly BasisVector[]): number {
  return basis.reduce((sum, { direction }) => sum + dot(values, direction) ** 2, 0);
}
