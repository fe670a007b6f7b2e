import { cholesky, solveLower } from './cholesky';
import { innerProducts } from './inner-products';
import { ledoitWolf } from './ledoit-wolf';
import { transpose } from './transpose';

/** The inverse of a covariance Σ, as far as distances need it. */
export interface InverseCovariance {
  /** The squared Mahalanobis length of a vector, vᵀ Σ⁻¹ v. */
  readonly squaredLength: (vector: Float64Array) => number;
  /** The squared length that the deviation of a further row from its group's true mean has on average. */
  readonly expected: number;
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

/**
 * Inverts the pooled covariance Σ = XᵀX / df. The expected squared length is that of normal values, p df / (df − p − 1)
 * (Mardia, Kent & Bibby 1979, "Multivariate Analysis", §3.5).
 *
 * @returns `undefined` where columns depend on each other
 */
export function invertCovariance(x: GroupResiduals): InverseCovariance | undefined {
  const { columns, rows, df } = x;
  if (rows < columns) return undefined;
  return invertProducts(columnProducts(x), columns, df);
}

/**
 * {@link invertCovariance} from the products of columns, XᵀX.
 *
 * @returns with it what makes vectors so that their plain squared length is the Mahalanobis one; `undefined` where columns
 * depend on each other
 */
export function invertProducts(
  products: Float64Array,
  columns: number,
  df: number,
): (InverseCovariance & { readonly whiten: (vector: Float64Array) => Float64Array }) | undefined {
  const covariance = products.map((sum) => sum / df);
  const factor = cholesky(covariance, columns, dependent);
  if (factor === undefined) return undefined;
  const whiten = (vector: Float64Array): Float64Array => solveLower(factor, vector);
  const squaredLength = (vector: Float64Array): number => squares(whiten(vector));
  return { squaredLength, whiten, shrinkage: 0, expected: (columns * df) / (df - columns - 1) };
}

/**
 * Inverts the pooled covariance as {@link ledoitWolf} shrinks it, Σ = ((1 − ρ) XᵀX / n + ρ μ I) · n / df, which can be done
 * however many columns there are. With more columns than rows it goes through the inner products of the rows (Woodbury):
 * with Σ = r I + c XᵀX, vᵀ Σ⁻¹ v = (‖v‖² − uᵀ (X Xᵀ + (r / c) I)⁻¹ u) / r where u = X v. The cost is that of the smaller of
 * both: min(rows, columns)³.
 *
 * The expected squared length is found by leaving rows out: without row x, its group's mean moves too, Σ is smaller by
 * c a x xᵀ with a = m / (m − 1) in a group of m (here rows / df for all), and x, which Σ has then not seen, has the squared
 * length a q / (1 − c a q) where q = xᵀ Σ⁻¹ x (Sherman & Morrison 1950).
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
  const squaredLength = wide
    ? byRows(x, products, { ridge, kept })
    : byColumns(covarianceOf(products, columns, { ridge, kept }), columns, 1e-14);
  if (squaredLength === undefined) return undefined;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const length = (squaredLength(values.subarray(row * columns, (row + 1) * columns)) * rows) / df;
    sum += length / (1 - kept * length);
  }
  return { squaredLength, shrinkage: share, expected: sum / rows };
}

/** c XᵀX + r I. */
function covarianceOf(
  products: Float64Array,
  columns: number,
  { ridge, kept }: { readonly ridge: number; readonly kept: number },
): Float64Array {
  const covariance = products.map((sum) => sum * kept);
  for (let k = 0; k < columns; k++) covariance[k * columns + k] += ridge;
  return covariance;
}

function columnProducts({ values, columns, rows }: GroupResiduals): Float64Array {
  const turned = transpose(values, columns);
  return innerProducts(turned, turned, rows);
}

type SquaredLength = InverseCovariance['squaredLength'];

function byColumns(covariance: Float64Array, columns: number, least: number): SquaredLength | undefined {
  const factor = cholesky(covariance, columns, least);
  return factor === undefined ? undefined : (vector) => squares(solveLower(factor, vector));
}

function byRows(
  { values, rows, columns }: GroupResiduals,
  products: Float64Array,
  { ridge, kept }: { readonly ridge: number; readonly kept: number },
): SquaredLength | undefined {
  if (!(ridge > 0)) return undefined;
  if (!(kept > 0)) return (vector) => squares(vector) / ridge;
  const sums = products.slice();
  for (let i = 0; i < rows; i++) sums[i * rows + i] += ridge / kept;
  const factor = cholesky(sums, rows, 0);
  if (factor === undefined) return undefined;
  return (vector) =>
    (squares(vector) - squares(solveLower(factor, innerProducts(values, vector, columns)))) / ridge;
}

function squares(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * vector[i];
  return sum;
}
