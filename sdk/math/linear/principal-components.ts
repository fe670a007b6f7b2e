import { addMultiple } from './add-multiple';
import { dot } from './dot';
import { gramTimes } from './gram-times';
import { innerProducts } from './inner-products';
import type { LeadingEigenvectors } from './leading-eigenvectors';
import { leadingEigenvectors } from './leading-eigenvectors';
import { symmetricEigenvectors } from './symmetric-eigenvectors';
import { transpose } from './transpose';

/** Features of mean 0 and SD 1 (0 where a feature does not vary): subjects × features, row-major, none missing. */
export interface StandardizedFeatures {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** The leading principal components of standardized features: fewer than asked for where the table has no more. */
export interface PrincipalComponents {
  /** Unit-length directions: columns of the features × one array per component. */
  readonly directions: readonly Float64Array[];
  /** Share of the total variance along each component. */
  readonly explained: readonly number[];
}

/** Up to this many rows (or columns) the Gram matrix is decomposed whole: a tenth of a second at most. */
const most = 400;
/** So many columns of the table, times all vectors, stay in the processor's cache. */
const together = 512;
/** An eigenvalue this much smaller than the first is rounding: the table has no component there. */
const rounding = 1e-13;

/**
 * Finds the first principal components from the inner products of the rows, X Xᵀ, or of the columns, Xᵀ X,
 * whichever are fewer: both have the eigenvalues σ² of the singular value decomposition X = U Σ Vᵀ, and the
 * directions follow as v = Xᵀ u / σ (Jolliffe 2002, "Principal Component Analysis", §3.5). A table of 60 subjects
 * is thus a matrix of 60 × 60, however many features it has. Tables with many rows and columns are solved by iteration,
 * see {@link leadingEigenvectors}. The sign is chosen so that the largest loading is positive.
 *
 * The singular value decomposition of the table itself would be more exact in the last components, which are not asked
 * for here, and takes minutes on 60 × 20,000.
 */
export function principalComponents(x: StandardizedFeatures, wanted: number): PrincipalComponents {
  const wide = x.columns > x.rows;
  const size = wide ? x.rows : x.columns;
  const total = sumOfSquares(x.values);
  const count = Math.min(wanted, size);
  if (count < 1 || !(total > 0)) return { directions: [], explained: [] };
  const found =
    size > most
      ? leadingEigenvectors((block) => gramTimes(x, wide ? 'rows' : 'columns', block), size, {
          wanted: count,
        })
      : symmetricEigenvectors(innerProducts(...squareOf(x, wide)), size, () => count);
  return componentsOf(x, found, { count, total });
}

/**
 * {@link principalComponents} of a table of at most 400 columns, and no more than rows, from the products of its columns.
 *
 * @param products - XᵀX, size × size
 */
export function componentsOfProducts(
  products: Float64Array,
  size: number,
  wanted: number,
): PrincipalComponents {
  const count = Math.min(wanted, size);
  let total = 0;
  for (let k = 0; k < size; k++) total += products[k * (size + 1)];
  if (count < 1 || !(total > 0)) return { directions: [], explained: [] };
  const found = symmetricEigenvectors(products, size, () => count);
  return componentsOf({ values: products, rows: size, columns: size }, found, { count, total });
}

/** The components of the first eigenvectors of a Gram matrix, where these are more than rounding. */
function componentsOf(
  x: StandardizedFeatures,
  { values, vectors }: LeadingEigenvectors,
  { count, total }: { readonly count: number; readonly total: number },
): PrincipalComponents {
  const there = values.filter((value) => value > rounding * values[0]).length;
  const found = vectors.slice(0, Math.min(there, count));
  const directions = orthonormal(x.columns > x.rows ? loadings(x, found) : found);
  return {
    directions: directions.map(positiveLargest),
    explained: directions.map((_, i) => values[i] / total),
  };
}

/** Each subject's score along a direction: X v. */
export function scores(x: StandardizedFeatures, direction: Float64Array): Float64Array {
  return scoresOfAll(x, [direction])[0];
}

/** {@link scores} along several directions, by fours: reading the table costs more than the arithmetic. */
export function scoresOfAll(
  x: StandardizedFeatures,
  directions: readonly Float64Array[],
): readonly Float64Array[] {
  const made = directions.map(() => new Float64Array(x.rows));
  const none = new Float64Array(x.columns);
  for (let first = 0; first < directions.length; first += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((more) => directions[first + more] ?? none);
    for (let row = 0, at = 0; row < x.rows; row++) {
      let [p, q, r, s] = [0, 0, 0, 0];
      for (let k = 0; k < x.columns; k++) {
        const value = x.values[at++];
        p += value * a[k];
        q += value * b[k];
        r += value * c[k];
        s += value * d[k];
      }
      [p, q, r, s].forEach((score, more) => {
        if (first + more < made.length) made[first + more][row] = score;
      });
    }
  }
  return made;
}

/** Xᵀ u, of each vector: row by row of the table, for as many vectors at once as stay in the processor's cache. */
function loadings(x: StandardizedFeatures, vectors: readonly Float64Array[]): Float64Array[] {
  const results = vectors.map(() => new Float64Array(x.columns));
  for (let first = 0; first < x.columns; first += together) {
    const last = Math.min(x.columns, first + together);
    for (let row = 0; row < x.rows; row++) {
      const own = x.values.subarray(row * x.columns + first, row * x.columns + last);
      results.forEach((result, i) => {
        const weight = vectors[i][row];
        for (let k = 0; k < own.length; k++) result[first + k] += weight * own[k];
      });
    }
  }
  return results;
}

/** The arguments of {@link innerProducts} for X Xᵀ, or Xᵀ X: one array on both sides. */
function squareOf(x: StandardizedFeatures, wide: boolean): [Float64Array, Float64Array, number] {
  const values = wide ? x.values : transpose(x.values, x.columns);
  return [values, values, wide ? x.columns : x.rows];
}

/** Unit vectors at right angles: those of the smaller components lose some digits of that on the way through Xᵀ u. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    for (const earlier of basis) {
      addMultiple(rest, earlier, { to: 0, from: 0, count: rest.length, weight: -dot(rest, earlier) });
    }
    const length = Math.sqrt(sumOfSquares(rest));
    basis.push(rest.map((value) => value / length));
  }
  return basis;
}

function sumOfSquares(values: Float64Array): number {
  return dot(values, values);
}

function positiveLargest(direction: Float64Array): Float64Array {
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}
