import { makeRandom } from '../random';
import type { LeadingEigenvectors } from './leading-eigenvectors';

/** A symmetric matrix as Q T Qᵀ, where T is tridiagonal and Q a product of reflections. */
interface Tridiagonal {
  readonly size: number;
  /** Of T: its diagonal, and what is beside it; the last entry of `beside` is 0. */
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
  /** Reflection k is I − v vᵀ, with v in row k from column k + 1 on. */
  readonly reflections: Float64Array;
}

/**
 * Finds the largest eigenvalues of a symmetric matrix, and unit eigenvectors at right angles, to rounding: Householder's
 * reduction to a tridiagonal matrix, all eigenvalues of that by the QL algorithm, and only the eigenvectors that are asked for by
 * inverse iteration (Golub & Van Loan 2013, "Matrix Computations", §8.3 and §8.2.2; Wilkinson 1965). Everything walks along
 * rows of typed arrays. `ml-matrix` computes all eigenvectors, by rotations of columns of an array of rows, which from some
 * hundred rows on waits for memory most of the time.
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
  const all = Array.from(tridiagonalEigenvalues(reduced)).sort((a, b) => b - a);
  const values = all.slice(0, Math.min(countOf(all), size));
  const vectors = inverseIteration(reduced, values);
  for (const vector of vectors) reflectBack(reduced, vector);
  return { values, vectors };
}

/** Reduces a copy of the matrix, row by row. */
function tridiagonalize(symmetric: Float64Array, size: number): Tridiagonal {
  const matrix = symmetric.slice();
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const reflections = new Float64Array(size * size);
  const image = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    diagonal[k] = matrix[k * size + k];
    if (k + 1 >= size) break;
    const v = reflections.subarray(k * size, (k + 1) * size);
    for (let j = k + 1; j < size; j++) v[j] = matrix[k * size + j];
    beside[k] = makeReflection(v, k + 1);
    if (v[k + 1] === 0) continue;
    multiplySymmetric(matrix, { size, from: k + 1 }, v, image);
    let along = 0;
    for (let j = k + 1; j < size; j++) along += v[j] * image[j];
    for (let j = k + 1; j < size; j++) image[j] -= 0.5 * along * v[j];
    // A − v wᵀ − w vᵀ, in the triangle on and right of the diagonal.
    for (let i = k + 1; i < size; i++) {
      const [a, b] = [v[i], image[i]];
      const row = i * size;
      for (let j = i; j < size; j++) matrix[row + j] -= a * image[j] + b * v[j];
    }
  }
  return { size, diagonal, beside, reflections };
}

/**
 * Turns a vector, from one entry on, into v of the reflection I − v vᵀ that leaves only its first entry; returns that entry. A
 * vector that has nothing else is made 0.
 */
function makeReflection(v: Float64Array, first: number): number {
  const head = v[first];
  let rest = 0;
  for (let j = first + 1; j < v.length; j++) rest += v[j] * v[j];
  if (rest === 0) {
    v[first] = 0;
    return head;
  }
  const length = Math.sqrt(head * head + rest);
  const left = head > 0 ? -length : length;
  v[first] = head - left;
  const scale = Math.SQRT2 / Math.sqrt(v[first] * v[first] + rest);
  for (let j = first; j < v.length; j++) v[j] *= scale;
  return left;
}

/** A v of the part of a symmetric matrix from one row and column on, of which the upper triangle is read, each entry once. */
function multiplySymmetric(
  matrix: Float64Array,
  { size, from }: { readonly size: number; readonly from: number },
  v: Float64Array,
  image: Float64Array,
): void {
  image.fill(0);
  for (let i = from; i < size; i++) {
    const row = i * size;
    const own = v[i];
    let sum = matrix[row + i] * own;
    for (let j = i + 1; j < size; j++) {
      const entry = matrix[row + j];
      sum += entry * v[j];
      image[j] += entry * own;
    }
    image[i] += sum;
  }
}

/** All eigenvalues of a tridiagonal matrix, in no order: the QL algorithm with implicit shifts. */
function tridiagonalEigenvalues({ size, diagonal, beside }: Tridiagonal): Float64Array {
  const d = diagonal.slice();
  const e = beside.slice();
  const nothing = Number.EPSILON * sizeOf({ diagonal, beside });
  for (let low = 0; low < size; low++) {
    for (let round = 0; round < 60; round++) {
      let high = low;
      while (high + 1 < size && Math.abs(e[high]) > nothing) high++;
      if (high === low) break;
      shiftedStep(d, e, { low, high });
    }
  }
  return d;
}

/** As large as any of its eigenvalues, or nearly so: what rounding is measured by. */
function sizeOf({ diagonal, beside }: Pick<Tridiagonal, 'diagonal' | 'beside'>): number {
  return diagonal.reduce((most, own, i) => Math.max(most, Math.abs(own) + Math.abs(beside[i])), 0);
}

function shiftedStep(
  d: Float64Array,
  e: Float64Array,
  { low, high }: { readonly low: number; readonly high: number },
): void {
  let g = (d[low + 1] - d[low]) / (2 * e[low]);
  let r = Math.hypot(g, 1);
  g = d[high] - d[low] + e[low] / (g + (g >= 0 ? r : -r));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = high - 1; i >= low; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= shift;
      e[high] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1] - shift;
    r = (d[i] - g) * sine + 2 * cosine * b;
    shift = sine * r;
    d[i + 1] = g + shift;
    g = cosine * r - b;
  }
  d[low] -= shift;
  e[low] = g;
  e[high] = 0;
}

/** Solves with T − λ, again and again: the vector of λ grows most. At most so many times. */
const mostSolves = 5;

/**
 * Unit eigenvectors of a tridiagonal matrix for eigenvalues in descending order. Each start is seeded, and kept at right angles to
 * the vectors before it throughout: neighbors in value would otherwise be found twice.
 */
function inverseIteration(
  { size, diagonal, beside }: Tridiagonal,
  values: readonly number[],
): Float64Array[] {
  const random = makeRandom(20260101);
  const scale = sizeOf({ diagonal, beside });
  const vectors: Float64Array[] = [];
  let previous = Infinity;
  for (const value of values) {
    // Equal shifts make equal solutions: they are set apart by less than rounding does.
    const shift = Math.min(value, previous - 4 * Number.EPSILON * scale);
    previous = shift;
    const solve = shiftedSolver({ size, diagonal, beside }, shift, Number.EPSILON * scale);
    const vector = Float64Array.from({ length: size }, () => random.normal());
    for (let times = 0; times < mostSolves; times++) {
      solve(vector);
      unitAtRightAngles(vector, vectors);
      if (
        residual({ size, diagonal, beside }, vector, value) <= 4 * size ** 0.5 * Number.EPSILON * scale &&
        times > 0
      )
        break;
    }
    vectors.push(vector);
  }
  return vectors;
}

/** ‖T v − λ v‖. */
function residual(
  { size, diagonal, beside }: Pick<Tridiagonal, 'size' | 'diagonal' | 'beside'>,
  v: Float64Array,
  value: number,
): number {
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const before = i > 0 ? beside[i - 1] * v[i - 1] : 0;
    const after = i + 1 < size ? beside[i] * v[i + 1] : 0;
    squares += (before + (diagonal[i] - value) * v[i] + after) ** 2;
  }
  return Math.sqrt(squares);
}

/** Makes what solves (T − shift) x = b in place, by elimination with row exchanges; pivots of 0 become rounding. */
function shiftedSolver(
  { size, diagonal, beside }: Pick<Tridiagonal, 'size' | 'diagonal' | 'beside'>,
  shift: number,
  tiny: number,
): (b: Float64Array) => void {
  const pivot = new Float64Array(size);
  const right = new Float64Array(size);
  const second = new Float64Array(size);
  const factor = new Float64Array(size);
  const swapped = new Uint8Array(size);
  let [own, next] = [diagonal[0] - shift, size > 1 ? beside[0] : 0];
  for (let i = 0; i + 1 < size; i++) {
    const below = beside[i];
    const [middle, after] = [diagonal[i + 1] - shift, i + 2 < size ? beside[i + 1] : 0];
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
    const most = b.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
    for (let i = 0; i < size; i++) b[i] /= most;
  };
}

/** A unit vector without what it has along others: twice, since once leaves rounding. */
function unitAtRightAngles(vector: Float64Array, others: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) {
    for (const other of others) {
      let along = 0;
      for (let i = 0; i < vector.length; i++) along += vector[i] * other[i];
      for (let i = 0; i < vector.length; i++) vector[i] -= along * other[i];
    }
  }
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += vector[i] * vector[i];
  const length = Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i] /= length;
}

/** Q v, in place: the reflections from the last to the first. */
function reflectBack({ size, reflections }: Tridiagonal, vector: Float64Array): void {
  for (let k = size - 2; k >= 0; k--) {
    const row = k * size;
    let along = 0;
    for (let j = k + 1; j < size; j++) along += reflections[row + j] * vector[j];
    if (along === 0) continue;
    for (let j = k + 1; j < size; j++) vector[j] -= along * reflections[row + j];
  }
}
