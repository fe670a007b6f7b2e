import { addMultiple } from '../../math/linear/add-multiple';
import { dot } from '../../math/linear/dot';
import type { BasisVector } from '../../math/linear/orthonormal-basis';
import { extendBasis } from '../../math/linear/orthonormal-basis';

/**
 * What sites add to covariates, by sums over sites: the directions that they add are sums of indicators of sites, without what
 * covariates have of these, so that values beside the covariates need to be added up by site once instead of being
 * multiplied by every direction.
 */
export interface SiteSpan {
  readonly sites: Int32Array;
  readonly siteCount: number;
  readonly covariates: readonly BasisVector[];
  /** The site whose indicator each direction came from. */
  readonly pivots: Int32Array;
  /** Directions × sites: the sum of each direction over each site. */
  readonly sums: Float64Array;
  /** Covariate directions × sites: the same of these. */
  readonly covariateSums: Float64Array;
}

/** Of an indicator at least this share must be left beside what came before: sums of little cost digits. */
const enough = 1e-2;

/**
 * The orthonormal directions that sites add to covariates, and how to do without them.
 *
 * @param sites - the site of each row, 0 … siteCount − 1
 * @returns `span` is missing where sites are nearly one with covariates: then only the directions are exact
 */
export function spanOfSites(
  sites: Int32Array,
  siteCount: number,
  covariates: readonly BasisVector[],
): { readonly directions: readonly BasisVector[]; readonly span?: SiteSpan } {
  const sizes = new Float64Array(siteCount);
  for (const site of sites) sizes[site]++;
  const directions: BasisVector[] = [];
  const pivots: number[] = [];
  for (let site = 0; site < siteCount; site++) {
    const indicator = Float64Array.from(sites, (code) => (code === site ? 1 : 0));
    const [added] = extendBasis([...covariates, ...directions], [indicator]);
    if (added === undefined) continue;
    directions.push(added);
    pivots.push(site);
  }
  const apart = directions.every(({ length }, at) => length > enough * Math.sqrt(sizes[pivots[at]]));
  if (!apart) return { directions };
  const bySite = (basis: readonly BasisVector[]): Float64Array => {
    const sums = new Float64Array(basis.length * siteCount);
    basis.forEach(({ direction }, at) => {
      for (let i = 0; i < sites.length; i++) sums[at * siteCount + sites[i]] += direction[i];
    });
    return sums;
  };
  const span = {
    sites,
    siteCount,
    covariates,
    pivots: Int32Array.from(pivots),
    sums: bySite(directions),
    covariateSums: bySite(covariates),
  };
  return { directions, span };
}

/**
 * The parts along the directions that sites add, of columns that have nothing along covariates.
 *
 * @param sums - sites × count: the sums of the columns over sites
 * @returns directions × count
 */
export function partsAlongSites(
  { pivots, siteCount, sums: own }: SiteSpan,
  sums: Float64Array,
): Float64Array {
  const count = sums.length / siteCount;
  const parts = new Float64Array(pivots.length * count);
  // Each direction reaches the indicators from its own on: the first sum has the first part alone.
  for (let s = 0; s < pivots.length; s++) {
    const site = pivots[s];
    const length = own[s * siteCount + site];
    for (let f = 0; f < count; f++) {
      let left = sums[site * count + f];
      for (let t = 0; t < s; t++) left -= own[t * siteCount + site] * parts[t * count + f];
      parts[s * count + f] = left / length;
    }
  }
  return parts;
}

/**
 * Takes out of columns what sites add, as far as it is there beside the covariates.
 *
 * @param values - rows × count, row-major, with nothing along covariates
 * @returns the sum of squares of each column along the sites, and what is left beside them
 */
export function withoutSites(
  values: Float64Array,
  span: SiteSpan,
  count: number,
): { readonly gains: Float64Array; readonly rest: Float64Array } {
  const { sites, siteCount, covariates, pivots, sums: own, covariateSums } = span;
  const sums = new Float64Array(siteCount * count);
  for (let i = 0; i < sites.length; i++)
    addMultiple(sums, values, { to: sites[i] * count, from: i * count, count, weight: 1 });
  const parts = partsAlongSites(span, sums);
  const gains = new Float64Array(count);
  for (let at = 0; at < parts.length;)
    for (let f = 0; f < count; f++, at++) gains[f] += parts[at] * parts[at];
  // The same as a value for each site, less what covariates have of these values.
  const ofSite = new Float64Array(siteCount * count);
  for (let s = pivots.length - 1; s >= 0; s--) {
    const site = pivots[s];
    const to = site * count;
    const length = own[s * siteCount + site];
    addMultiple(ofSite, parts, { to, from: s * count, count, weight: 1 });
    for (let t = s + 1; t < pivots.length; t++) {
      const weight = -own[s * siteCount + pivots[t]];
      addMultiple(ofSite, ofSite, { to, from: pivots[t] * count, count, weight });
    }
    for (let f = 0; f < count; f++) ofSite[to + f] /= length;
  }
  const ofCovariates = new Float64Array(covariates.length * count);
  covariates.forEach((_, c) => {
    for (let site = 0; site < siteCount; site++) {
      const weight = covariateSums[c * siteCount + site];
      addMultiple(ofCovariates, ofSite, { to: c * count, from: site * count, count, weight });
    }
  });
  const rest = Float64Array.from(values);
  for (let i = 0; i < sites.length; i++) {
    const to = i * count;
    addMultiple(rest, ofSite, { to, from: sites[i] * count, count, weight: -1 });
    for (let c = 0; c < covariates.length; c++)
      addMultiple(rest, ofCovariates, { to, from: c * count, count, weight: covariates[c].direction[i] });
  }
  return { gains, rest };
}

/** The sum of squares of any values along the directions that sites add. */
export function squaresAlongSites(values: Float64Array, span: SiteSpan): number {
  const { sites, siteCount, covariates, covariateSums } = span;
  const sums = sumsBySite(values, sites, siteCount);
  covariates.forEach(({ direction }, c) => {
    const along = dot(values, direction);
    for (let site = 0; site < siteCount; site++) sums[site] -= along * covariateSums[c * siteCount + site];
  });
  return partsAlongSites(span, sums).reduce((sum, part) => sum + part * part, 0);
}

function sumsBySite(values: Float64Array, sites: Int32Array, siteCount: number): Float64Array {
  const sums = new Float64Array(siteCount);
  for (let i = 0; i < sites.length; i++) sums[sites[i]] += values[i];
  return sums;
}
