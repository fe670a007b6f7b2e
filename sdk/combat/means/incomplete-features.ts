import { cholesky, solveLower, solveLowerTransposed } from '../../math/linear/cholesky';
import type { PivotedQr } from '../../math/linear/pivoted-qr';
import type { FeatureBlock, MeanDesign } from './mean-model';

/** A complete design, factored: its columns, centered within sites and divided by their spreads, are Q R. */
export interface FactoredDesign {
  readonly design: MeanDesign;
  readonly qr: PivotedQr;
  readonly spreads: Float64Array;
  /** Qᵀ: columns × rows, row-major. */
  readonly basis: Float64Array;
  /** Sites × columns: the mean of each design column at each site. */
  readonly siteDesign: Float64Array;
}

/** Least squares of one feature on the cells it has. */
export interface IncompleteFit {
  /** The number of values at each site. */
  readonly counts: Float64Array;
  /** `NaN` for a site without a value. */
  readonly intercepts: Float64Array;
  readonly coefficients: Float64Array;
}

/** Of each column of Q, at least this share of its square must be left once the missing rows are taken out. */
const leastLeft = 1 / 8;
/** Of each column of the design, at least this share must be left once sites and the columns before it are taken out. */
const leastApart = 0.01;

/**
 * Fits one feature on the rows it has, from sums over all its cells in which missing ones count as 0: what the missing rows
 * had in the normal equations is taken out of them, with the means of their sites. In the basis Q these equations are the
 * identity less the missing rows, so that they lose no digits.
 *
 * @param rows - the rows missing
 * @param sums - of its values at each site, and of them times each column of Q
 * @returns `undefined` where so little is left that the rows themselves must be factored, or nothing can be estimated
 */
export function fitIncomplete(
  { design, qr, spreads, basis, siteDesign }: FactoredDesign,
  rows: readonly number[],
  sums: { readonly sites: Float64Array; readonly basis: Float64Array },
): IncompleteFit | undefined {
  const { codes, columns, siteCount, siteSizes, values } = design;
  const subjects = codes.length;
  const counts = siteSizes.slice();
  const missingBasis = new Float64Array(siteCount * columns);
  const missingDesign = new Float64Array(siteCount * columns);
  const gram = new Float64Array(columns * columns);
  for (let k = 0; k < columns; k++) gram[k * columns + k] = 1;
  for (const row of rows) {
    const site = codes[row];
    counts[site]--;
    for (let k = 0; k < columns; k++) {
      const own = basis[k * subjects + row];
      missingBasis[site * columns + k] += own;
      missingDesign[site * columns + k] += values[row * columns + k];
      for (let j = 0; j <= k; j++) gram[k * columns + j] -= own * basis[j * subjects + row];
    }
  }
  const sitesLeft = counts.reduce((number, count) => number + Number(count > 0), 0);
  if (subjects - rows.length - sitesLeft - columns < 1) return undefined;
  const right = sums.basis.slice();
  for (let site = 0; site < siteCount; site++) {
    // Within a complete site Q sums to zero: what is left there sums to minus the missing.
    if (counts[site] === 0 || counts[site] === siteSizes[site]) continue;
    for (let k = 0; k < columns; k++) {
      const share = missingBasis[site * columns + k] / counts[site];
      right[k] += share * sums.sites[site];
      for (let j = 0; j <= k; j++) gram[k * columns + j] -= share * missingBasis[site * columns + j];
    }
  }
  const factored = cholesky(gram, columns, leastLeft);
  if (factored === undefined) return undefined;
  for (let k = 0; k < columns; k++) {
    if (gram[k * columns + k] < leastLeft) return undefined;
  }
  const solved = solveLowerTransposed(factored, solveLower(factored, right));
  const coefficients = fromBasis({ qr, spreads }, solved);
  const intercepts = counts.map((count, site) => {
    if (count === 0) return NaN;
    let value = sums.sites[site] / count;
    for (let k = 0; k < columns; k++) {
      const total = siteDesign[site * columns + k] * siteSizes[site] - missingDesign[site * columns + k];
      value -= (total / count) * coefficients[k];
    }
    return value;
  });
  return { counts, intercepts, coefficients };
}

/** Whether the columns of a design are clear enough of each other and of the sites for {@link fitIncomplete}. */
export function wellSeparated({ upper, columns }: PivotedQr): boolean {
  for (let k = 0; k < columns; k++) {
    if (!(Math.abs(upper[k * columns + k]) > leastApart)) return false;
  }
  return true;
}

/** Solves R x = b and puts the columns back in their order and units. */
function fromBasis(
  { qr, spreads }: Pick<FactoredDesign, 'qr' | 'spreads'>,
  right: Float64Array,
): Float64Array {
  const { upper, columns, order } = qr;
  const solution = new Float64Array(columns);
  const coefficients = new Float64Array(columns);
  for (let k = columns - 1; k >= 0; k--) {
    let value = right[k];
    for (let j = k + 1; j < columns; j++) value -= upper[k * columns + j] * solution[j];
    solution[k] = value / upper[k * columns + k];
    coefficients[order[k]] = solution[k] / spreads[order[k]];
  }
  return coefficients;
}

/** The rows in which each feature of a block has no value; an empty list for those that are not incomplete. */
export function missingRows(
  { data, stride, offset, width }: FeatureBlock,
  gaps: Float64Array,
  rows: number,
): readonly (readonly number[])[] {
  const missing = Array.from({ length: width }, (): number[] => []);
  for (let row = 0; row < rows; row++) {
    const from = row * stride + offset;
    for (let w = 0; w < width; w++) {
      if (gaps[w] > 0 && Number.isNaN(data[from + w])) missing[w].push(row);
    }
  }
  return missing;
}
