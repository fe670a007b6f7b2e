import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { addMultiple } from '../../math/linear/add-multiple';
import {
  componentsOfProducts,
  principalComponents,
  scoresOfAll,
} from '../../math/linear/principal-components';
import { applyScaling, fitScaling } from '../splits/scaling';
import { siteShare } from '../models/site-share';
import type { PersonSiteMeans, SiteFigureOptions } from './person-site-means';
import { personSiteMeans } from './person-site-means';
import type { SiteScatter } from './site-scatter';
import { requireCall } from '../../data/calls/require-call';

/** Below this share of its mean a standard deviation is rounding error. */
const negligible = 1e-12;

/** Options of {@link siteShareOfComponents}. */
export interface SiteShareOfComponentsOptions extends SiteFigureOptions {
  /**
   * How many leading components are looked at, fewer where there are not as many.
   *
   * @defaultValue `10`
   */
  readonly components?: number;
}

/** One principal component and the site's part in it. */
export interface ComponentSiteShare {
  /** Share of the features' variance along the component. */
  readonly explained: number;
  /** η²: share of the variance of the scores that is between sites. */
  readonly siteShare: number;
}

/** The site's part in the leading components, see {@link siteShareOfComponents}. */
export interface SiteShareOfComponents {
  readonly components: readonly ComponentSiteShare[];
  /** The mean of the shares, each weighted by what its component explains; `NaN` where nothing varies. */
  readonly weighted: number;
  /** Share of the features' variance that the components explain together. */
  readonly explained: number;
  /** The share that chance alone gives, (sites − 1) / (rows − 1). */
  readonly expected: number;
  /** Missing cells that take the median of their feature. */
  readonly filled: number;
  readonly adjustedFor: readonly string[];
  readonly issues: readonly Issue[];
}

/**
 * How much of the leading principal components of the features is between sites: per component η², the sum of squares
 * of the scores between sites over the total (Cohen 1988, §8.2.1), and over the components their mean weighted by what
 * each explains, as principal variance components analysis does (Li, Bushel, Chu & Wolfinger 2009, in Scherer, "Batch
 * Effects and Noise in Microarray Experiments", chapter 12; there with random effects).
 *
 * Features are standardized, and missing cells take the median of their feature, as in `plotPca`; constant features
 * count for nothing. With covariates, the components are those of the values without their effects, slopes being those
 * of the model with sites. Scans of a person at one site count as one.
 *
 * @throws ConcordError `invalid-option` when there is not one person per row; `unknown-column` when the cohort lacks a
 * covariate.
 */
export function siteShareOfComponents(
  cohort: FeatureCohort,
  options: SiteShareOfComponentsOptions = {},
): SiteShareOfComponents {
  requireCall('metrics.siteShareOfComponents', { cohort, options });
  return componentSharesOf(personSiteMeans(cohort, options), options.components);
}

/** {@link siteShareOfComponents} of persons at sites. */
export function componentSharesOf(table: PersonSiteMeans, wanted = 10): SiteShareOfComponents {
  const rows = table.sites.length;
  const subjects = Array.from({ length: rows }, (_, row) => String(row));
  const matrix = { values: table.values, subjects, features: table.features };
  const x = {
    values: applyScaling(fitScaling(matrix), matrix),
    rows,
    columns: table.features.length,
  };
  const { directions, explained } = principalComponents(x, wanted);
  const components = scoresOfAll(x, directions).map((scores, k) => ({
    explained: explained[k],
    siteShare: siteShare(scores, table.sites),
  }));
  const filled = table.values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
  return describe(table, components, filled);
}

/** {@link siteShareOfComponents} from sums of products. */
export function componentSharesOfScatter(scatter: SiteScatter, wanted = 10): SiteShareOfComponents {
  const { sites, siteNames, features, moments, within } = scatter;
  const width = features.length;
  const rows = sites.length;
  const sizes = new Float64Array(siteNames.length);
  sites.forEach((site) => sizes[site]++);
  const mean = new Float64Array(width);
  sizes.forEach((size, site) => {
    addMultiple(mean, moments.means, { to: 0, from: site * width, count: width, weight: size / rows });
  });
  // Means of sites about those of all rows, times the root of their rows: their products are those between sites.
  const between = new Float64Array(moments.means.length);
  for (let site = 0, at = 0; site < sizes.length; site++) {
    const root = Math.sqrt(sizes[site]);
    for (let k = 0; k < width; k++, at++) between[at] = (moments.means[at] - mean[k]) * root;
  }
  const products = within.slice();
  for (let site = 0; site < sizes.length; site++) {
    for (let k = 0, from = site * width; k < width; k++)
      addMultiple(products, between, { to: k * width, from, count: width, weight: between[from + k] });
  }
  const inverse = mean.map((own, k) => {
    const sd = Math.sqrt(products[k * (width + 1)] / rows);
    return sd > negligible * Math.abs(own) ? 1 / sd : 0;
  });
  scaleBothSides(products, inverse);
  const { directions, explained } = componentsOfProducts(products, width, wanted);
  const total = inverse.reduce((sum, own, k) => sum + (own > 0 ? products[k * (width + 1)] : 0), 0);
  const components = directions.map((direction, k) => {
    let apart = 0;
    for (let site = 0; site < sizes.length; site++) {
      const score = scoreOf(between.subarray(site * width, (site + 1) * width), inverse, direction);
      apart += score * score;
    }
    return { explained: explained[k], siteShare: apart / (explained[k] * total) };
  });
  return describe(scatter, components, 0);
}

/** Multiplies the products of every two features by the scales of both. */
function scaleBothSides(products: Float64Array, scales: Float64Array): void {
  for (let k = 0, at = 0; k < scales.length; k++)
    for (let l = 0; l < scales.length; l++) products[at++] *= scales[k] * scales[l];
}

/** The score of means along a direction of scaled features. */
function scoreOf(means: Float64Array, scales: Float64Array, direction: Float64Array): number {
  let score = 0;
  for (let f = 0; f < means.length; f++) score += means[f] * scales[f] * direction[f];
  return score;
}

function describe(
  table: Omit<PersonSiteMeans, 'values'>,
  components: readonly ComponentSiteShare[],
  filled: number,
): SiteShareOfComponents {
  const total = components.reduce((sum, own) => sum + own.explained, 0);
  const between = components.reduce((sum, own) => sum + own.explained * own.siteShare, 0);
  return {
    components,
    weighted: between / total,
    explained: total,
    expected: (new Set(table.sites).size - 1) / (table.sites.length - 1),
    filled,
    adjustedFor: table.adjustedFor,
    issues: table.issues,
  };
}
