import { cholesky, solveLower } from './cholesky';
import { innerProducts } from './inner-products';
import { ledoitWolf } from './ledoit-wolf';
import { transpose } from './transpose';

/** The inverse of a covariance Σ, as far as distances need it. */
export interface InverseCovariance {
  /** The squared Mahalanobis length of a vector, vᵀ Σ⁻¹ v. */
  readonly squaredLength: (vector: Float64Array) => number;
  /** How far Σ was drawn towards equal variances, from 0 to 1; 0 where it is the covariance of the residuals. */
  readonly shrinkage: number;
}

/** Residuals about the means of groups: rows × columns, row-major, each column of mean 0 in each group. */
export interface GroupResiduals {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** Rows less groups. */
  readonly df: number;
}

/** A column of which less than this share is left beside the others counts as dependent on them. */
const dependent = 1e-8;

/** Inverts the pooled covariance Σ = XᵀX / df; `undefined` where columns depend on each other. */
export function invertCovariance(x: GroupResiduals): InverseCovariance | undefined {
  const { columns, rows, df } = x;
  if (rows < columns) return undefined;
  const covariance = columnProducts(x).map((sum) => sum / df);
  return byColumns(covariance, columns, { shrinkage: 0, least: dependent });
}

/**
 * Inverts the pooled covariance as {@link ledoitWolf} shrinks it, Σ = ((1 − ρ) XᵀX / n + ρ μ I) · n / df, which can be done
 * however many columns there are. With more columns than rows it goes through the inner products of the rows (Woodbury):
 * with Σ = r I + c XᵀX, vᵀ Σ⁻¹ v = (‖v‖² − uᵀ (X Xᵀ + (r / c) I)⁻¹ u) / r where u = X v. The cost is that of the smaller of
 * both: min(rows, columns)³.
 *
 * @returns `undefined` where there is no spread at all
 */
export function invertShrunkenCovariance(x: GroupResiduals): InverseCovariance | undefined {
  const { values, columns, rows, df } = x;
  const wide = columns > rows;
  const products = wide ? innerProducts(values, values, columns) : columnProducts(x);
  const { share, variance } = ledoitWolf(values, columns, products);
  const ridge = (share * variance * rows) / df;
  const kept = (1 - share) / df;
  if (wide) return ridge > 0 ? byRows(x, products, { ridge, kept, shrinkage: share }) : undefined;
  const covariance = products.map((sum) => sum * kept);
  for (let k = 0; k < columns; k++) covariance[k * columns + k] += ridge;
  return byColumns(covariance, columns, { shrinkage: share, least: 1e-14 });
}

function columnProducts({ values, columns, rows }: GroupResiduals): Float64Array {
  const turned = transpose(values, columns);
  return innerProducts(turned, turned, rows);
}

function byColumns(
  covariance: Float64Array,
  columns: number,
  { shrinkage, least }: { readonly shrinkage: number; readonly least: number },
): InverseCovariance | undefined {
  const factor = cholesky(covariance, columns, least);
  if (factor === undefined) return undefined;
  return { shrinkage, squaredLength: (vector) => squares(solveLower(factor, vector)) };
}

function byRows(
  { values, rows, columns }: GroupResiduals,
  products: Float64Array,
  { ridge, kept, shrinkage }: { readonly ridge: number; readonly kept: number; readonly shrinkage: number },
): InverseCovariance {
  const plain = (vector: Float64Array): number => squares(vector) / ridge;
  if (!(kept > 0)) return { shrinkage, squaredLength: plain };
  const sums = products.slice();
  for (let i = 0; i < rows; i++) sums[i * rows + i] += ridge / kept;
  const factor = cholesky(sums, rows, 0);
  if (factor === undefined) return { shrinkage, squaredLength: plain };
  return {
    shrinkage,
    squaredLength: (vector) =>
      (squares(vector) - squares(solveLower(factor, innerProducts(values, vector, columns)))) / ridge,
  };
}

function squares(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * vector[i];
  return sum;
}
