import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { principalComponents, scoresOfAll } from '../../math/linear/principal-components';
import { applyScaling, fitScaling } from '../splits/scaling';
import { siteShare } from '../models/site-share';
import type { PersonSiteMeans, SiteFigureOptions } from './person-site-means';
import { personSiteMeans } from './person-site-means';
import { requireCall } from '../../data/calls/require-call';

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
  const total = components.reduce((sum, own) => sum + own.explained, 0);
  const between = components.reduce((sum, own) => sum + own.explained * own.siteShare, 0);
  return {
    components,
    weighted: between / total,
    explained: total,
    expected: (new Set(table.sites).size - 1) / (rows - 1),
    filled: table.values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0),
    adjustedFor: table.adjustedFor,
    issues: table.issues,
  };
}
