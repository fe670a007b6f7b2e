import { makeRandom } from '../random';
import { dot } from './dot';
import type { LeadingEigenvectors } from './leading-eigenvectors';
import { makeOrthonormal } from './make-orthonormal';
import type { Tridiagonal } from './tridiagonal';
import { eigenvaluesAlong, tridiagonalize } from './tridiagonal';

type Band = Pick<Tridiagonal, 'diagonal' | 'off'>;

/**
 * Finds the largest eigenvalues of a symmetric matrix, and unit eigenvectors at right angles, to rounding: Householder's
 * reduction to a tridiagonal matrix, all eigenvalues of that, and only the eigenvectors that are asked for by inverse iteration
 * (Golub & Van Loan 2013, "Matrix Computations", §8.2.2; Wilkinson 1965). `ml-matrix` computes all eigenvectors.
 *
 * @param symmetric - row-major, left as it is
 * @param countOf - how many eigenvectors are wanted, knowing all eigenvalues, largest first
 */
export function symmetricEigenvectors(
  symmetric: Float64Array,
  size: number,
  countOf: (values: readonly number[]) => number,
): LeadingEigenvectors {
  const reduced = tridiagonalize(symmetric, size);
  const found = eigenvaluesAlong(reduced, []).values;
  const all = Array.from(found).sort((a, b) => b - a);
  const values = all.slice(0, Math.min(countOf(all), size));
  const rows = inverseIteration(reduced, values);
  reduced.rotateBackRows(rows);
  const vectors = values.map((_, k) => rows.subarray(k * size, (k + 1) * size));
  return { values, vectors };
}

/** As large as any of its eigenvalues, or nearly so: what rounding is measured by. */
function sizeOf({ diagonal, off }: Band): number {
  return diagonal.reduce((most, own, i) => Math.max(most, Math.abs(own) + Math.abs(off[i])), 0);
}

/** Solves with T − λ, again and again: the vector of λ grows most. At most so many times. */
const mostSolves = 5;

/** Eigenvalues nearer to each other than this, as a share of the largest, have vectors that are found together. */
const neighbors = 1e-5;

/**
 * Unit eigenvectors of a tridiagonal matrix for eigenvalues in descending order: count × size. Each start is seeded, and kept at
 * right angles to those before it whose values are its neighbors: they would otherwise be found twice. Others come out at right
 * angles but for rounding over the distance of their values, which is taken out at the end.
 */
function inverseIteration(band: Band, values: readonly number[]): Float64Array {
  const random = makeRandom(20260101);
  const size = band.diagonal.length;
  const scale = sizeOf(band);
  const rounding = 4 * Math.sqrt(size) * Number.EPSILON * scale;
  const vectors: Float64Array[] = [];
  let previous = Infinity;
  let first = 0;
  for (const value of values) {
    while (values[first] - value > neighbors * scale) first++;
    // Equal shifts make equal solutions: they are set apart by less than rounding does.
    const shift = Math.min(value, previous - 4 * Number.EPSILON * scale);
    previous = shift;
    const solve = shiftedSolver(band, shift, Number.EPSILON * scale);
    const vector = Float64Array.from({ length: size }, () => random.normal());
    for (let times = 0; times < mostSolves; times++) {
      solve(vector);
      unitAtRightAngles(vector, vectors, first);
      if (times > 0 && residual(band, vector, value) <= rounding) break;
    }
    vectors.push(vector);
  }
  const rows = new Float64Array(vectors.length * size);
  vectors.forEach((vector, k) => rows.set(vector, k * size));
  makeOrthonormal(rows, vectors.length);
  return rows;
}

/** ‖T v − λ v‖. */
function residual({ diagonal, off }: Band, v: Float64Array, value: number): number {
  const size = v.length;
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const before = i > 0 ? off[i - 1] * v[i - 1] : 0;
    const after = i + 1 < size ? off[i] * v[i + 1] : 0;
    squares += (before + (diagonal[i] - value) * v[i] + after) ** 2;
  }
  return Math.sqrt(squares);
}

/** Makes what solves (T − shift) x = b in place, by elimination with row exchanges; pivots of 0 become rounding. */
function shiftedSolver({ diagonal, off }: Band, shift: number, tiny: number): (b: Float64Array) => void {
  const size = diagonal.length;
  const pivot = new Float64Array(size);
  const right = new Float64Array(size);
  const second = new Float64Array(size);
  const factor = new Float64Array(size);
  const swapped = new Uint8Array(size);
  let [own, next] = [diagonal[0] - shift, size > 1 ? off[0] : 0];
  for (let i = 0; i + 1 < size; i++) {
    const below = off[i];
    const [middle, after] = [diagonal[i + 1] - shift, i + 2 < size ? off[i + 1] : 0];
    if (Math.abs(below) > Math.abs(own)) {
      swapped[i] = 1;
      [pivot[i], right[i], second[i]] = [below, middle, after];
      factor[i] = own / below;
      [own, next] = [next - factor[i] * middle, -factor[i] * after];
    } else {
      [pivot[i], right[i], second[i]] = [own === 0 ? tiny : own, next, 0];
      factor[i] = below / pivot[i];
      [own, next] = [middle - factor[i] * next, after];
    }
  }
  pivot[size - 1] = own === 0 ? tiny : own;
  return (b) => {
    for (let i = 0; i + 1 < size; i++) {
      if (swapped[i] === 1) [b[i], b[i + 1]] = [b[i + 1], b[i]];
      b[i + 1] -= factor[i] * b[i];
    }
    for (let i = size - 1; i >= 0; i--) {
      const known = (i + 1 < size ? right[i] * b[i + 1] : 0) + (i + 2 < size ? second[i] * b[i + 2] : 0);
      b[i] = (b[i] - known) / pivot[i];
    }
    // Solutions are large where the shift is an eigenvalue: they are brought back before they overflow.
    const most = b.reduce((so, value) => Math.max(so, Math.abs(value)), 0);
    for (let i = 0; i < size; i++) b[i] /= most;
  };
}

/** A unit vector without what it has along others, from the first of them that matters: twice, since once leaves rounding. */
function unitAtRightAngles(vector: Float64Array, others: readonly Float64Array[], first: number): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let k = first; k < others.length; k++) {
      const other = others[k];
      const along = dot(vector, other);
      for (let i = 0; i < vector.length; i++) vector[i] -= along * other[i];
    }
  }
  const length = Math.sqrt(dot(vector, vector));
  for (let i = 0; i < vector.length; i++) vector[i] /= length;
}
