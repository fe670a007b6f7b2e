import type { BasisVector } from '../../math/linear/orthonormal-basis';
import { extendBasis } from '../../math/linear/orthonormal-basis';
import { alignedRankTest } from '../models/aligned-rank-test';
import { distancesFromMedian } from '../models/brown-forsythe';
import { gains, sumsOfSquares, withoutBasis } from '../models/feature-block';
import type { SiteDesign } from '../models/site-design';
import type { Statistic } from '../statistic';
import { fStatistic, NOT_COMPUTABLE } from '../statistic';
import { withinPersons } from './within-persons';

/** What sites and covariates vary within persons, who are the blocks of the tests, for one set of rows. */
export interface PersonBlocks {
  /** The person of each row, renumbered without gaps. */
  readonly persons: Int32Array;
  readonly count: number;
  /** Directions of the covariates within persons. */
  readonly covariates: readonly BasisVector[];
  /** What the sites add to those. */
  readonly site: readonly BasisVector[];
  /** The sites within persons, without covariates. */
  readonly siteAlone: readonly BasisVector[];
  readonly sites: Int32Array;
  readonly siteCount: number;
}

/** A column of which less than this share is left within persons is the same for all rows of a person. */
const CONSTANT = 1e-10;

/** Prepares the tests of sites within persons. */
export function makePersonBlocks(
  design: SiteDesign,
  positions: Int32Array,
  { sites, siteCount }: Pick<PersonBlocks, 'sites' | 'siteCount'>,
): PersonBlocks | undefined {
  const { persons: all } = design;
  if (all === undefined) return undefined;
  const met = new Map<number, number>();
  const persons = positions.map((at) => {
    const code = met.get(all[at]) ?? met.size;
    met.set(all[at], code);
    return code;
  });
  const count = met.size;
  const within = (columns: readonly Float64Array[]): Float64Array[] =>
    columns
      .map((column) => ({ column, left: withinPersons(column, persons, count) }))
      .filter(({ column, left }) => lengthOf(left) > CONSTANT * lengthOf(column))
      .map(({ left }) => left);
  const columns = design.terms.flatMap((term) =>
    term.columns.map(({ values }) => Float64Array.from(positions, (at) => values[at])),
  );
  const indicators = within(
    Array.from({ length: siteCount }, (_, site) => Float64Array.from(sites, (code) => Number(code === site))),
  );
  const covariates = extendBasis([], within(columns));
  const site = extendBasis(covariates, indicators);
  return { persons, count, covariates, site, siteAlone: extendBasis([], indicators), sites, siteCount };
}

/** The three tests of one feature. */
export interface BlockTests {
  readonly anova: Statistic;
  readonly kruskal: Statistic;
  readonly levene: Statistic;
}

/**
 * Tests sites within persons: the analysis of variance of randomized blocks (Fisher 1935), with covariates that vary
 * within persons; its aligned ranks (Hodges & Lehmann 1962, Annals of Mathematical Statistics 33:482); and the same
 * analysis of the distances from each site's median, after Brown & Forsythe, whose rows are not independent either.
 *
 * @param values - one value per row, of the feature
 * @param residuals - what is left of them after covariates and sites, persons aside
 */
export function testWithinPersons(
  values: Float64Array,
  residuals: Float64Array,
  blocks: PersonBlocks,
): BlockTests {
  const { persons, count, covariates, site, siteAlone, sites, siteCount } = blocks;
  const left = withoutBasis(withinPersons(values, persons, count), covariates, 1);
  const distances = withinPersons(distancesFromMedian(residuals, sites, siteCount), persons, count);
  return {
    anova: fOfSite(left, site, values.length - count - covariates.length),
    kruskal: alignedRankTest(left, { covariates, groups: site, blocks: persons }),
    levene: fOfSite(distances, siteAlone, values.length - count),
  };
}

function fOfSite(values: Float64Array, site: readonly BasisVector[], df: number): Statistic {
  const denominator = df - site.length;
  if (site.length === 0 || denominator < 1) return NOT_COMPUTABLE;
  const [gain] = gains(values, site, 1);
  const [residual] = sumsOfSquares(withoutBasis(values, site, 1), 1);
  return fStatistic(gain, residual, { numerator: site.length, denominator });
}

function lengthOf(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
