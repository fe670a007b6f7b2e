import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { ConcordError } from '../../errors';
import { centerByGroups, divideByKernel, normsByKernel } from '../../math/linear/column-kernels';
import type { DenseMatrix, PivotedQr } from '../../math/linear/pivoted-qr';
import { dependence, pivotedQr } from '../../math/linear/qr';
import type { CovariateDesign } from './covariate-design';
import { advise } from '../../remedy';

/** The site of each subject, as an index into the names of the sites. */
export interface SiteAssignment {
  readonly names: readonly string[];
  readonly codes: Int32Array;
}

/** Covariate columns, centered within sites and divided by their spreads, as a factorization of full rank. */
export interface SeparatedDesign {
  readonly qr: PivotedQr;
  /** The length of each column over all subjects. */
  readonly spreads: Float64Array;
}

/** Named columns of numbers, each minus its mean: subjects × columns, row-major. */
export type SeparableColumns = Pick<CovariateDesign, 'columns' | 'values'>;

/** A column counts as a function of the sites when less than this share of its spread is left within them. */
export const dependentOnSites = 1e-7;

/** A column is reported as nearly confounded when sites explain more than this share of its variance. */
const nearlyConfoundedAbove = 0.9;

/**
 * The columns of a design (subjects × `width`, row-major) minus their mean at each site (Frisch–Waugh): what is left
 * varies within sites only.
 */
export function centerWithinSites(
  values: Float64Array,
  width: number,
  codes: Int32Array,
  siteCount: number,
): Float64Array {
  const table = { values, rows: codes.length, columns: width };
  return centerByGroups(table, codes, siteCount)?.values ?? centerPlainly(values, width, codes, siteCount);
}

/** In plain JavaScript, as for few rows. */
export function centerPlainly(
  values: Float64Array,
  width: number,
  codes: Int32Array,
  siteCount: number,
): Float64Array {
  const means = new Float64Array(siteCount * width);
  const counts = new Float64Array(siteCount);
  for (let row = 0; row < codes.length; row++) {
    const site = codes[row];
    counts[site]++;
    for (let k = 0; k < width; k++) means[site * width + k] += values[row * width + k];
  }
  for (let at = 0; at < means.length; at++) means[at] /= counts[Math.floor(at / width)];
  const centered = new Float64Array(values.length);
  for (let row = 0; row < codes.length; row++) {
    const site = codes[row] * width;
    for (let k = 0; k < width; k++) centered[row * width + k] = values[row * width + k] - means[site + k];
  }
  return centered;
}

/**
 * Factors the within-site covariate columns, each divided by its overall spread, and makes sure that covariate
 * effects and site effects can be separated.
 *
 * @param effect - what the columns do, in words
 * @returns the factorization, the spreads, and Issues for columns that are almost a function of the sites
 * @throws ConcordError `confounded` naming the columns and the sites that coincide.
 */
export function separateFromSites(
  design: SeparableColumns,
  sites: SiteAssignment,
  effect: 'effect' | 'effect on scale' = 'effect',
): SeparatedDesign & { readonly issues: readonly Issue[] } {
  const width = design.columns.length;
  const spreads = columnNorms(design.values, width);
  const centered = centerWithinSites(design.values, width, sites.codes, sites.names.length);
  const table = { values: centered, rows: sites.codes.length, columns: width };
  const within = { ...table, values: divideByKernel(table, spreads) ?? dividePlainly(table, spreads) };
  return requireSeparable(within, { design, sites, spreads, effect });
}

/**
 * The same for columns that are centered within sites already, and divided by their spreads: those of subjects, or the fewer
 * rows with the same cross-products that hospitals send.
 *
 * @param about.design - the columns of all subjects, or their means at each site, to name the sites that coincide
 * @throws ConcordError `confounded`.
 */
export function requireSeparable(
  within: DenseMatrix,
  about: {
    readonly design: SeparableColumns;
    readonly sites: SiteAssignment;
    readonly spreads: Float64Array;
    /** What the columns have an effect on. @defaultValue `effect` */
    readonly effect?: 'effect' | 'effect on scale';
  },
): SeparatedDesign & { readonly issues: readonly Issue[] } {
  const { design, sites, spreads, effect = 'effect' } = about;
  const width = design.columns.length;
  const qr = pivotedQr(within, dependentOnSites);
  if (qr.rank < width) throw confounded(design, sites, { qr, spreads, effect });
  const left = columnNorms(within.values, width);
  const issues = design.columns.flatMap((column, k) => {
    const explained = 1 - left[k] ** 2;
    if (explained <= nearlyConfoundedAbove) return [];
    const message = `sites explain ${(100 * explained).toFixed(1)}% of the variance of covariate ${column}${effect === 'effect' ? '' : `, which is to have an ${effect}`}`;
    return [makeIssue('nearly-confounded', message, { column })];
  });
  return { qr, spreads, issues };
}

/** Says which covariate columns follow from which others and from the sites. */
function confounded(
  design: SeparableColumns,
  sites: SiteAssignment,
  { qr, spreads, effect }: SeparatedDesign & { readonly effect: string },
): ConcordError {
  const width = design.columns.length;
  const dependent = qr.order[qr.rank];
  const weights = dependence(qr, qr.rank);
  const partners = design.columns.filter((_, k) => k !== dependent && Math.abs(weights[k]) > 1e-6);
  const name = design.columns[dependent];
  // What is left of the dependent column once its partners are taken away is one number per site.
  const perSite = new Map<number, number>();
  sites.codes.forEach((site, row) => {
    if (perSite.has(site)) return;
    let value = design.values[row * width + dependent] / spreads[dependent];
    for (let k = 0; k < width; k++) value -= (weights[k] * design.values[row * width + k]) / spreads[k];
    perSite.set(site, value);
  });
  const groups = groupSites(perSite, sites.names);
  const where = { column: name };
  if (partners.length > 0 && groups.length === 1) {
    return new ConcordError(
      'confounded',
      `confounded covariates: ${name} follows from ${partners.join(' and ')}, so their ${effect === 'effect' ? 'effects' : 'effects on scale'} cannot be separated`,
      { where, remedy: advise`preserve one of them only` },
    );
  }
  const also =
    partners.length === 0
      ? ''
      : ` once ${partners.join(' and ')} ${partners.length === 1 ? 'is' : 'are'} known`;
  return new ConcordError(
    'confounded',
    `confounded with site: ${name} is the same for every subject of a site${also} (${groups.map((sites) => listNames(sites, 4)).join(' against ')}), so its ${effect} cannot be separated from the site effect`,
    { where, remedy: advise`leave it out, or add subjects that break the pattern` },
  );
}

/** Sites with equal values together, in order of value. */
function groupSites(
  perSite: ReadonlyMap<number, number>,
  names: readonly string[],
): readonly (readonly string[])[] {
  const sorted = [...perSite].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  const groups: { value: number; sites: string[] }[] = [];
  for (const [site, value] of sorted) {
    const last = groups.at(-1);
    if (last !== undefined && Math.abs(value - last.value) < 1e-6) last.sites.push(names[site]);
    else groups.push({ value, sites: [names[site]] });
  }
  return groups.map((group) => group.sites);
}

/** In plain JavaScript, as for few rows. */
export function dividePlainly({ values, columns }: DenseMatrix, divisors: Float64Array): Float64Array {
  const divided = values.slice();
  for (let k = 0; k < columns; k++) {
    for (let at = k; at < divided.length; at += columns) divided[at] /= divisors[k];
  }
  return divided;
}

/** The length of each column: rows × `width`, row-major. */
export function columnNorms(values: Float64Array, width: number): Float64Array {
  const rows = width === 0 ? 0 : values.length / width;
  return normsByKernel({ values, rows, columns: width }) ?? normsPlainly(values, width);
}

/** In plain JavaScript, as for few rows. */
export function normsPlainly(values: Float64Array, width: number): Float64Array {
  const norms = new Float64Array(width);
  for (let k = 0; k < width; k++) {
    let squares = 0;
    for (let at = k; at < values.length; at += width) squares += values[at] * values[at];
    norms[k] = Math.sqrt(squares);
  }
  return norms;
}
