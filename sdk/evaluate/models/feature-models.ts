import type { FeatureMatrix } from '../../data/feature-matrix';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { alignedRankTest } from './aligned-rank-test';
import { brownForsythe } from './brown-forsythe';
import type { CenteredBlock } from './feature-block';
import {
  coefficients,
  gains,
  gainsOfRows,
  gatherBlock,
  groupByMissing,
  sumsOfSquares,
  withoutBasis,
} from './feature-block';
import type { ModelBases } from './model-bases';
import { makeModelBases } from './model-bases';
import { testWithinPersons } from '../persons/person-blocks';
import { transpose } from '../../math/linear/transpose';
import type { SiteDesign } from './site-design';
import { withoutSites } from './site-span';
import type { Statistic } from '../statistic';
import { fStatistic, NOT_COMPUTABLE } from '../statistic';

/** What the linear models of sites and covariates say about every feature. */
export interface FeatureModels {
  readonly anova: readonly Statistic[];
  readonly kruskal: readonly Statistic[];
  readonly levene: readonly Statistic[];
  /** F of slopes of each site beside slopes that all sites share; `NaN` where sites are compared within persons. */
  readonly slopesBySite: readonly Statistic[];
  /** Partial R² of the site, per feature. */
  readonly siteShare: Float64Array;
  /** Partial R² per covariate and feature. */
  readonly termShares: readonly Float64Array[];
  /** Slope per design column and feature, in the feature's units per unit of the column. */
  readonly slopes: readonly Float64Array[];
  /** Standard deviation of the residuals of the full model, per feature. */
  readonly residualSd: Float64Array;
}

/** Features worked on at a time: enough to use each basis vector well, few enough for their cells to stay in the cache. */
const MOST_FEATURES = 128;
const FEWEST_FEATURES = 16;
const CELLS = 2 ** 17;
/** A feature whose residuals hold less than this share of its sum of squares is constant but for rounding. */
const CONSTANT = 1e-24;

/**
 * Fits, for every feature, intercept + covariates + site and the models without one of these, each on the subjects that
 * have the feature. Where the design names the person of each row, the tests compare sites within persons ({@link
 * testWithinPersons}); shares, slopes and deviations are over all rows. Features with the same missing cells share
 * their matrices, so a table without missing cells costs one set.
 */
export async function fitFeatureModels(
  matrix: FeatureMatrix,
  design: SiteDesign,
  run: RunOptions & { readonly label?: string } = {},
): Promise<FeatureModels> {
  const width = matrix.features.length;
  const report = progressReporter(run.label ?? 'feature tests', width, run);
  const empty = (): Float64Array => new Float64Array(width).fill(NaN);
  const models = {
    anova: new Array<Statistic>(width).fill(NOT_COMPUTABLE),
    kruskal: new Array<Statistic>(width).fill(NOT_COMPUTABLE),
    levene: new Array<Statistic>(width).fill(NOT_COMPUTABLE),
    slopesBySite: new Array<Statistic>(width).fill(NOT_COMPUTABLE),
    siteShare: empty(),
    termShares: design.terms.map(empty),
    slopes: design.terms.flatMap((term) => term.columns.map(empty)),
    residualSd: empty(),
  };
  let done = 0;
  for (const { positions, features } of groupByMissing(matrix, design.rows)) {
    const bases = makeModelBases(design, positions);
    const rows = positions.map((at) => design.rows[at]);
    const together = Math.min(Math.max(FEWEST_FEATURES, Math.floor(CELLS / rows.length)), MOST_FEATURES);
    for (let from = 0; from < features.length; from += together) {
      await breathe(run.signal);
      const block = features.slice(from, from + together);
      fitBlock(models, bases, gatherBlock(matrix, rows, block));
      report((done += block.length));
    }
  }
  return models;
}

type MutableModels = { -readonly [K in keyof FeatureModels]: FeatureModels[K] } & {
  anova: Statistic[];
  kruskal: Statistic[];
  levene: Statistic[];
  slopesBySite: Statistic[];
};

function fitBlock(models: MutableModels, bases: ModelBases, block: CenteredBlock): void {
  const { features, raw } = block;
  const count = features.length;
  if (bases.siteCount < 1 || bases.residualDf < 1) return;
  const termGains = bases.terms.map((basis) => gains(block.values, basis, count));
  const slopes = bases.columns.map((column) =>
    column === null ? null : coefficients(block.values, column, count),
  );
  const afterCovariates = withoutBasis(block.values, bases.covariates, count);
  const { span } = bases;
  const { gains: siteGains, rest: afterAll } =
    span === undefined
      ? {
          gains: gains(afterCovariates, bases.site, count),
          rest: withoutBasis(afterCovariates, bases.site, count),
        }
      : withoutSites(afterCovariates, span, count);
  const left = sumsOfSquares(afterCovariates, count);
  const residual = sumsOfSquares(afterAll, count);
  const ownSlopes = gainsOfSlopes(afterAll, bases, count);
  const rows = bases.sites.length;
  const columnsOf = (values: Float64Array): ((f: number) => Float64Array) => {
    const turned = transpose(values, count);
    return (f) => turned.subarray(f * rows, (f + 1) * rows);
  };
  const besideCovariates = columnsOf(afterCovariates);
  const besideAll = columnsOf(afterAll);
  const centered = bases.blocks === undefined ? undefined : columnsOf(block.values);
  features.forEach((feature, f) => {
    if (left[f] <= CONSTANT * raw[f]) return;
    const numerator = bases.site.length;
    const share = (gain: number): number => gain / (gain + residual[f]);
    models.anova[feature] = fStatistic(siteGains[f], residual[f], {
      numerator,
      denominator: bases.residualDf,
    });
    models.kruskal[feature] = alignedRankTest(besideCovariates(f), {
      covariates: bases.covariates,
      groups: bases.site,
      span,
    });
    if (residual[f] > CONSTANT * raw[f]) {
      models.levene[feature] = brownForsythe(besideAll(f), bases.sites, bases.siteCount);
      models.slopesBySite[feature] = testOfSlopes(ownSlopes?.[f], residual[f], bases);
    }
    if (bases.blocks !== undefined && centered !== undefined) {
      const within = testWithinPersons(centered(f), besideAll(f), bases.blocks);
      models.anova[feature] = within.anova;
      models.kruskal[feature] = within.kruskal;
      models.levene[feature] = within.levene;
    }
    models.siteShare[feature] = numerator === 0 ? NaN : share(siteGains[f]);
    bases.terms.forEach((basis, term) => {
      models.termShares[term][feature] = basis.length === 0 ? NaN : share(termGains[term][f]);
    });
    slopes.forEach((slope, at) => {
      models.slopes[at][feature] = slope === null ? NaN : slope[f];
    });
    models.residualSd[feature] = Math.sqrt(residual[f] / bases.residualDf);
  });
}

/** What slopes of each site explain of what is left beside shared ones; nothing where rows are not independent. */
function gainsOfSlopes(afterAll: Float64Array, bases: ModelBases, count: number): Float64Array | undefined {
  const { ownSlopes, blocks } = bases;
  if (blocks !== undefined || ownSlopes.added < 1 || ownSlopes.residualDf < 1) return undefined;
  const total = new Float64Array(count);
  for (const site of ownSlopes.sites) {
    gainsOfRows(afterAll, site, count).forEach((gain, f) => (total[f] += gain));
  }
  return total;
}

function testOfSlopes(
  gain: number | undefined,
  residual: number,
  { ownSlopes: { added, residualDf } }: ModelBases,
): Statistic {
  if (gain === undefined) return NOT_COMPUTABLE;
  return fStatistic(gain, residual - gain, { numerator: added, denominator: residualDf });
}
