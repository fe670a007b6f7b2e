import { dot } from './dot';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { makeRandom } from '../random';

/** Multiplies each vector by a symmetric matrix without negative eigenvalues, which need not exist as such. */
export type SymmetricOperator = (vectors: readonly Float64Array[]) => Float64Array[];

/** The largest eigenvalues in descending order, and unit eigenvectors at right angles. */
export interface LeadingEigenvectors {
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
}

/** Residuals ‖A v − λ v‖, as a share of the first eigenvalue, at which the iteration stops. */
const tolerance = 1e-8;
/** How many vectors are gathered before they are condensed to the best of them. */
const most = 160;
/** How many of the best are kept then. */
const kept = 40;
/** The most vectors that are ever multiplied: where eigenvalues hardly differ, a mixture of their vectors is as good. */
const limit = 2000;
/** Blocks between two looks at how far it has come. */
const pause = 5;

/**
 * Finds the leading eigenvectors of a large symmetric matrix by block Lanczos with full orthogonalization,
 * Rayleigh–Ritz projection and thick restart (Saad 2011, "Numerical Methods for Large Eigenvalue Problems", §6.3–6.5;
 * Wu & Simon 2000, SIAM J. Matrix Anal. Appl. 22:602): the matrix is only multiplied with. A block has more vectors
 * than are asked for, so that repeated eigenvalues are found as often as they occur. It stops when the residuals are
 * below the tolerance, or after 2,000 multiplications. The start is seeded: results repeat.
 *
 * @param size - rows of the matrix
 * @param options.wanted - how many are asked for, at most `size`
 */
export function leadingEigenvectors(
  multiply: SymmetricOperator,
  size: number,
  { wanted }: { readonly wanted: number },
): LeadingEigenvectors {
  const random = makeRandom(20250101);
  const width = Math.min(wanted + 2, size);
  let basis: Float64Array[] = [];
  let images: Float64Array[] = [];
  let block = orthogonalTo(
    basis,
    Array.from({ length: width }, () => Float64Array.from({ length: size }, () => random.normal())),
  );
  let multiplied = 0;
  for (let step = 1; ; step++) {
    basis.push(...block);
    images.push(...multiply(block));
    multiplied += block.length;
    const next = orthogonalTo(basis, images.slice(-block.length));
    const last = next.length === 0 || multiplied >= limit;
    const full = basis.length + next.length > most;
    if (last || full || step % pause === 0) {
      const ritz = ritzVectors(basis, images, Math.min(Math.max(kept, width), basis.length));
      if (last || Math.max(...ritz.residuals.slice(0, wanted)) <= tolerance * ritz.values[0]) {
        return { values: ritz.values.slice(0, wanted), vectors: ritz.vectors.slice(0, wanted) };
      }
      // What is left over of every image is in the next block, so nothing of the search is lost.
      if (full) [basis, images] = [[...ritz.vectors], [...ritz.images]];
    }
    block = next;
  }
}

/** The best eigenvectors within the span of a basis, with their images and how far these are from λ v. */
function ritzVectors(
  basis: readonly Float64Array[],
  images: readonly Float64Array[],
  count: number,
): LeadingEigenvectors & { readonly images: readonly Float64Array[]; readonly residuals: readonly number[] } {
  const size = basis.length;
  const projected = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const product = dot(basis[j], images[i]);
      projected.set(i, j, product);
      projected.set(j, i, product);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(projected, {
    assumeSymmetric: true,
  });
  // ml-matrix lists eigenvalues in ascending order.
  const order = Array.from({ length: count }, (_, i) => size - 1 - i);
  const weights = order.map((i) => eigenvectorMatrix.getColumn(i));
  const vectors = weights.map((own) => combine(basis, own));
  const mapped = weights.map((own) => combine(images, own));
  const values = order.map((i) => Math.max(0, realEigenvalues[i]));
  const residuals = mapped.map((image, i) => {
    let squares = 0;
    for (let k = 0; k < image.length; k++) squares += (image[k] - values[i] * vectors[i][k]) ** 2;
    return Math.sqrt(squares);
  });
  return { values, vectors, images: mapped, residuals };
}

/** What the vectors add to a basis, orthonormal (Gram–Schmidt twice); a vector that adds nothing is left out. */
function orthogonalTo(basis: readonly Float64Array[], vectors: readonly Float64Array[]): Float64Array[] {
  const added: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    const before = Math.sqrt(dot(rest, rest));
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of [...basis, ...added]) {
        const along = dot(rest, earlier);
        for (let i = 0; i < rest.length; i++) rest[i] -= along * earlier[i];
      }
    }
    const length = Math.sqrt(dot(rest, rest));
    if (length > 1e-12 * before) added.push(rest.map((value) => value / length));
  }
  return added;
}

function combine(vectors: readonly Float64Array[], weights: ArrayLike<number>): Float64Array {
  const result = new Float64Array(vectors[0].length);
  vectors.forEach((vector, k) => {
    const weight = weights[k];
    for (let i = 0; i < result.length; i++) result[i] += weight * vector[i];
  });
  return result;
}
