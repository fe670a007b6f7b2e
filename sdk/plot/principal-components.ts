import { EigenvalueDecomposition, Matrix, QrDecomposition } from 'ml-matrix';
import { makeRandom } from '../math/random';

/** Features of mean 0 and SD 1 (0 where a feature does not vary): subjects × features, row-major, none missing. */
export interface StandardizedFeatures {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** The leading principal components of standardized features. */
export interface PrincipalComponents {
  /** Unit-length directions: columns of the features × one array per component. */
  readonly directions: readonly Float64Array[];
  /** Share of the total variance along each component. */
  readonly explained: readonly number[];
}

/** How many vectors the iteration carries beyond those asked for: they make the asked-for ones converge fast. */
const spare = 8;
/** Largest change of an eigenvalue, as a share of the first, at which it stops: far below what a figure shows. */
const tolerance = 1e-8;
const maxIterations = 300;

/**
 * Finds the first principal components by block power iteration with Rayleigh–Ritz projection (Saad 2011,
 * "Numerical Methods for Large Eigenvalue Problems", §5.3) on Xᵀ X, never formed: one pass costs
 * rows × columns × block. The start is seeded, so results repeat. The sign is chosen so that the largest loading
 * is positive.
 */
export function principalComponents(x: StandardizedFeatures, wanted: number): PrincipalComponents {
  const size = Math.min(wanted + spare, x.rows, x.columns);
  if (size === 0) return { directions: [], explained: [] };
  const random = makeRandom(20250101);
  const start = Array.from({ length: size }, () =>
    Float64Array.from({ length: x.columns }, () => random.normal()),
  );
  let basis: readonly Float64Array[] = orthonormal(start);
  let values = new Float64Array(size);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const images = basis.map((vector) => scores(x, vector));
    const ritz = new EigenvalueDecomposition(gram(images), { assumeSymmetric: true });
    // ml-matrix lists eigenvalues in ascending order.
    const order = Array.from({ length: size }, (_, i) => size - 1 - i);
    const next = Float64Array.from(order, (i) => Math.max(0, ritz.realEigenvalues[i]));
    const rotation = order.map((i) => ritz.eigenvectorMatrix.getColumn(i));
    const change = Math.max(
      ...Array.from(next.slice(0, wanted), (value, i) => Math.abs(value - values[i]) / next[0]),
    );
    values = next;
    if (change < tolerance || iteration === maxIterations - 1) {
      basis = rotation.map((weights) => combine(basis, weights));
      break;
    }
    basis = orthonormal(rotation.map((weights) => loadings(x, combine(images, weights))));
  }
  const total = x.values.reduce((sum, value) => sum + value * value, 0);
  const kept = basis.slice(0, wanted).map(positiveLargest);
  return { directions: kept, explained: kept.map((_, i) => values[i] / total) };
}

/** Each subject's score along a direction: X v. */
export function scores(x: StandardizedFeatures, direction: Float64Array): Float64Array {
  const result = new Float64Array(x.rows);
  for (let row = 0; row < x.rows; row++) {
    let sum = 0;
    const start = row * x.columns;
    for (let k = 0; k < x.columns; k++) sum += x.values[start + k] * direction[k];
    result[row] = sum;
  }
  return result;
}

/** Xᵀ u. */
function loadings(x: StandardizedFeatures, weights: Float64Array): Float64Array {
  const result = new Float64Array(x.columns);
  for (let row = 0; row < x.rows; row++) {
    const weight = weights[row];
    const start = row * x.columns;
    for (let k = 0; k < x.columns; k++) result[k] += weight * x.values[start + k];
  }
  return result;
}

function gram(vectors: readonly Float64Array[]): Matrix {
  return new Matrix(
    vectors.map((a) => vectors.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0))),
  );
}

function combine(vectors: readonly Float64Array[], weights: ArrayLike<number>): Float64Array {
  const result = new Float64Array(vectors[0].length);
  vectors.forEach((vector, k) => vector.forEach((value, i) => (result[i] += weights[k] * value)));
  return result;
}

function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const columns = new Matrix(vectors.map((vector) => Array.from(vector))).transpose();
  const q = new QrDecomposition(columns).orthogonalMatrix;
  return vectors.map((_, k) => Float64Array.from(q.getColumn(k)));
}

function positiveLargest(direction: Float64Array): Float64Array {
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}
