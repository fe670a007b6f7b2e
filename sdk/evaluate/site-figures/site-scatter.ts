import type { FeatureCohort } from '../../data/cohort';
import { addMultiple } from '../../math/linear/add-multiple';
import { dot } from '../../math/linear/dot';
import { innerProducts } from '../../math/linear/inner-products';
import { transpose } from '../../math/linear/transpose';
import { hasNaN } from '../../math/statistics/has-nan';
import type { SiteDesign } from '../models/site-design';
import { makeSiteDesign } from '../models/site-design';
import { fitWithinSites, slopesOf, withinSites } from './adjust-features';
import type { PersonSiteMeans } from './person-site-means';
import type { SiteMoments } from './site-moments';
import { siteMoments } from './site-moments';

/** Persons at sites as figures of differences between sites need them: sums of products instead of values. */
export interface SiteScatter extends Omit<PersonSiteMeans, 'values'> {
  readonly moments: SiteMoments;
  /** Features × features: sums over all rows of the products of deviations from the site's mean. */
  readonly within: Float64Array;
}

/** Up to this many features components are found from the products of features. */
const most = 400;
/** Of the sum of squares of each feature at least this share must be left after covariates: differences cost digits. */
const enough = 1e-3;

/**
 * Sums up a cohort by site, as it is and without the effects of covariates: the products of features are computed once, and
 * what covariates take away of them follows from their slopes.
 *
 * @returns `undefined` where sums are no way: cells or covariates are missing, a person has several rows at a site, rows are
 * few for so many features, or covariates explain nearly all of one
 */
export function siteScatters(
  cohort: FeatureCohort,
  covariates: readonly string[],
): readonly SiteScatter[] | undefined {
  const { values, features } = cohort.features;
  const width = features.length;
  const { persons } = cohort.participants;
  const design = makeSiteDesign(cohort, covariates);
  const { sites, siteNames } = design;
  if (width > most || 2 * width > sites.length - siteNames.length) return undefined;
  if (design.rows.length < persons.length || hasNaN(values)) return undefined;
  const met = new Set(persons.map((person, row) => `${sites[row]} ${person}`));
  if (met.size < persons.length) return undefined;
  const table = { values, features, sites, siteNames, adjustedFor: [], issues: [] };
  const moments = siteMoments(table);
  const residuals = Float64Array.from(values);
  for (let row = 0; row < sites.length; row++) {
    const where = { to: row * width, from: sites[row] * width, count: width, weight: -1 };
    addMultiple(residuals, moments.means, where);
  }
  const turned = transpose(residuals, width);
  const within = innerProducts(turned, turned, sites.length);
  const plain = { features, sites, siteNames, adjustedFor: [], issues: [], moments, within };
  if (covariates.length === 0) return [plain];
  const adjusted = withoutCovariates(plain, { cohort, design, residuals });
  return adjusted && [plain, { ...adjusted, adjustedFor: covariates }];
}

/** A cohort and its values beside the means of sites. */
interface Residuals {
  readonly cohort: FeatureCohort;
  readonly design: SiteDesign;
  /** Rows × features. */
  readonly residuals: Float64Array;
}

function withoutCovariates(
  scatter: SiteScatter,
  { cohort, design, residuals }: Residuals,
): SiteScatter | undefined {
  const { sites, siteNames, moments, features } = scatter;
  const width = features.length;
  const all = Int32Array.from(sites.keys());
  const fit = fitWithinSites(design, all);
  const columns = design.terms.flatMap((term) => term.columns);
  if (fit.residualDf < 1 || fit.used.length < columns.length) return undefined;
  const slopes = slopesOf(cohort.features, [...features.keys()], { ...fit, rows: design.rows });
  const own = columns.map(({ values }) => values);
  const besideSites = own.map((values) => withinSites(values, design, all));
  const of = { slopes, columns: besideSites, width };
  const means = moments.means.slice();
  siteNames.forEach((_, site) => {
    const here = all.filter((row) => sites[row] === site);
    own.forEach((values, u) => {
      const mean = here.reduce((sum, row) => sum + values[row], 0) / here.length;
      const where = { to: site * width, from: u * width, count: width };
      addMultiple(means, slopes, { ...where, weight: fit.means[u] - mean });
    });
  });
  const crossed = productsBySite(residuals, scatter, of);
  const squares = squaresWithout(scatter, crossed, of);
  const within = productsWithout(scatter, crossed, of);
  for (let k = 0; k < width; k++) {
    if (!(within[k * (width + 1)] >= enough * scatter.within[k * (width + 1)])) return undefined;
  }
  return { ...scatter, moments: { ...moments, means, squares }, within };
}

/** What is taken away. */
interface Effects {
  /** Columns × features. */
  readonly slopes: Float64Array;
  /** The columns of covariates beside the means of sites. */
  readonly columns: readonly Float64Array[];
  readonly width: number;
}

/** Sites × columns × features: sums of the products of columns with features. */
function productsBySite(
  residuals: Float64Array,
  { sites, siteNames }: SiteScatter,
  { columns, width }: Effects,
): Float64Array {
  const products = new Float64Array(siteNames.length * columns.length * width);
  for (let u = 0; u < columns.length; u++) {
    const values = columns[u];
    for (let row = 0; row < sites.length; row++) {
      const to = (sites[row] * columns.length + u) * width;
      addMultiple(products, residuals, { to, from: row * width, count: width, weight: values[row] });
    }
  }
  return products;
}

/** The squares of each feature at each site: Σ (r − Σ slope · z)², r and z being deviations from the site's mean. */
function squaresWithout(
  { sites, siteNames, moments }: SiteScatter,
  crossed: Float64Array,
  { slopes, columns, width }: Effects,
): Float64Array {
  const squares = moments.squares.slice();
  siteNames.forEach((_, site) => {
    columns.forEach((one, u) => {
      const from = (site * columns.length + u) * width;
      for (let k = 0; k < width; k++)
        squares[site * width + k] -= 2 * slopes[u * width + k] * crossed[from + k];
      columns.forEach((other, v) => {
        const product = productAt(one, other, { sites, site });
        for (let k = 0; k < width; k++)
          squares[site * width + k] += slopes[u * width + k] * slopes[v * width + k] * product;
      });
    });
  });
  return squares;
}

/** The product of two columns over the rows of a site. */
function productAt(
  one: Float64Array,
  other: Float64Array,
  { sites, site }: { readonly sites: Int32Array; readonly site: number },
): number {
  let product = 0;
  for (let row = 0; row < sites.length; row++) {
    if (sites[row] === site) product += one[row] * other[row];
  }
  return product;
}

/** The same of the products of every two features, over all sites. */
function productsWithout(
  { siteNames, within }: SiteScatter,
  crossed: Float64Array,
  { slopes, columns, width }: Effects,
): Float64Array {
  const left = within.slice();
  columns.forEach((one, u) => {
    // What is taken from both sides: half of Σ slope · z · z, less z · r.
    const taken = new Float64Array(width);
    siteNames.forEach((_, site) => {
      const from = (site * columns.length + u) * width;
      addMultiple(taken, crossed, { to: 0, from, count: width, weight: -1 });
    });
    columns.forEach((other, v) => {
      addMultiple(taken, slopes, { to: 0, from: v * width, count: width, weight: dot(one, other) / 2 });
    });
    for (let k = 0, from = u * width; k < width; k++) {
      addMultiple(left, taken, { to: k * width, from: 0, count: width, weight: slopes[from + k] });
      addMultiple(left, slopes, { to: k * width, from, count: width, weight: taken[k] });
    }
  });
  return left;
}
