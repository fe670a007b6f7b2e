import { makeRandom } from '../random';
import { kernelsStarted, withFloat64Kernels } from '../wasm/float64-kernels';
import { dot } from './dot';
import { makeOrthonormal } from './make-orthonormal';
import type { Tridiagonal } from './tridiagonal';

type Band = Pick<Tridiagonal, 'diagonal' | 'off'>;

/** Solves with T − λ, again and again: the vector of λ grows most. At most so many times. */
const mostSolves = 5;

/** Eigenvalues nearer to each other than this, as a share of the largest, have vectors that are found together. */
const neighbors = 1e-5;

/** Fewer numbers are done before a module is compiled. */
const worthKernels = 1e4;
/** The same where it was started before. */
const worthStartedKernels = 500;

/** What eigenvectors are searched by. */
export interface Search {
  readonly band: Band;
  /** Eigenvalues in descending order, and what T is shifted by for each. */
  readonly values: Float64Array;
  readonly shifts: Float64Array;
  /** For each vector, the first of those before it that it is kept at right angles to; itself where there is none. */
  readonly firsts: Int32Array;
  /** How small a residual is enough, and what a pivot of 0 becomes. */
  readonly rounding: number;
  readonly tiny: number;
}

/**
 * Unit eigenvectors of a tridiagonal matrix for eigenvalues in descending order: count × size. Each start is seeded, and kept at
 * right angles to those before it whose values are its neighbors: they would otherwise be found twice. Others come out at right
 * angles but for rounding over the distance of their values, which is taken out at the end.
 */
export function inverseIteration(band: Band, values: readonly number[]): Float64Array {
  const search = searchOf(band, values);
  const random = makeRandom(20260101);
  const size = band.diagonal.length;
  const vectors = new Float64Array(values.length * size);
  // Each start is another window on the same numbers: unlike enough, and made in no time.
  const numbers = Float64Array.from({ length: size + values.length }, () => random.normal());
  values.forEach((_, k) => vectors.set(numbers.subarray(k, k + size), k * size));
  if (findByKernel(search, vectors) === undefined) findPlainly(search, vectors);
  makeOrthonormal(vectors, values.length);
  return vectors;
}

/** How eigenvectors of these eigenvalues are searched. Exported for tests. */
export function searchOf(band: Band, values: readonly number[]): Search {
  const scale = sizeOf(band);
  const shifts = new Float64Array(values.length);
  const firsts = new Int32Array(values.length);
  let previous = Infinity;
  let first = 0;
  values.forEach((value, k) => {
    while (values[first] - value > neighbors * scale) first++;
    firsts[k] = first;
    // Equal shifts make equal solutions: they are set apart by less than rounding does.
    previous = shifts[k] = Math.min(value, previous - 4 * Number.EPSILON * scale);
  });
  return {
    band,
    values: Float64Array.from(values),
    shifts,
    firsts,
    rounding: 4 * Math.sqrt(band.diagonal.length) * Number.EPSILON * scale,
    tiny: Number.EPSILON * scale,
  };
}

/** As large as any of its eigenvalues, or nearly so: what rounding is measured by. */
function sizeOf({ diagonal, off }: Band): number {
  return diagonal.reduce((most, own, i) => Math.max(most, Math.abs(own) + Math.abs(off[i])), 0);
}

/** In WebAssembly, the same to the bit; nothing where it is not worth it, or there is no memory for it. Exported for tests. */
export function findByKernel(
  { band: { diagonal, off }, values, shifts, firsts, rounding, tiny }: Search,
  vectors: Float64Array,
): Float64Array | undefined {
  const size = diagonal.length;
  const count = values.length;
  if (vectors.length < (kernelsStarted() ? worthStartedKernels : worthKernels)) return undefined;
  // Vectors that no other is kept at right angles to begin a unit of work.
  const starts = Array.from(firsts.keys()).filter((k) => firsts[k] === k);
  const bytes = 8 * (2 * size + 2 * count + vectors.length) + 4 * (2 * count + 1) + 64 * 6;
  const scratchBytes = 8 * 5 * size;
  return withFloat64Kernels({ bytes, scratchBytes, work: 30 * vectors.length }, (room) => {
    const put = (...parts: readonly Float64Array[]): number => {
      const address = room.take(8 * parts.reduce((sum, { length }) => sum + length, 0));
      let at = address;
      for (const part of parts) {
        room.doubles(at, part.length).set(part);
        at += 8 * part.length;
      }
      return address;
    };
    const putIntegers = (numbers: ArrayLike<number>): number => {
      const address = room.take(4 * numbers.length);
      room.integers(address, numbers.length).set(numbers);
      return address;
    };
    const own = put(vectors);
    const groups = [putIntegers([...starts, count]), putIntegers(firsts)];
    const args = [put(diagonal, off), size, put(values, shifts), count, ...groups, own, rounding, tiny];
    room.run('inverseIteration', args, { units: starts.length, scratchBytes });
    vectors.set(room.doubles(own, vectors.length));
    return vectors;
  });
}

/** In plain JavaScript, as for few numbers. Exported for tests. */
export function findPlainly(
  { band, values, shifts, firsts, rounding, tiny }: Search,
  vectors: Float64Array,
): void {
  const size = band.diagonal.length;
  values.forEach((value, k) => {
    const solve = shiftedSolver(band, shifts[k], tiny);
    const at = (row: number): Float64Array => vectors.subarray(row * size, (row + 1) * size);
    const others = Array.from({ length: k - firsts[k] }, (_, before) => at(firsts[k] + before));
    for (let times = 0; times < mostSolves; times++) {
      solve(at(k));
      unitAtRightAngles(at(k), others);
      if (times > 0 && residual(band, at(k), value) <= rounding) break;
    }
  });
}

/** ‖T v − λ v‖. */
function residual({ diagonal, off }: Band, v: Float64Array, value: number): number {
  const size = v.length;
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const before = i > 0 ? off[i - 1] * v[i - 1] : 0;
    const after = i + 1 < size ? off[i] * v[i + 1] : 0;
    const own = before + (diagonal[i] - value) * v[i] + after;
    squares += own * own;
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

/** A unit vector without what it has along others: twice, since once leaves rounding. */
function unitAtRightAngles(vector: Float64Array, others: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) {
    for (const other of others) {
      const along = dot(vector, other);
      for (let i = 0; i < vector.length; i++) vector[i] -= along * other[i];
    }
  }
  const length = Math.sqrt(dot(vector, vector));
  for (let i = 0; i < vector.length; i++) vector[i] /= length;
}
