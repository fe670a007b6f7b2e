// Eigenvectors of a tridiagonal matrix by inverse iteration (Golub & Van Loan 2013, "Matrix Computations", section 8.2.2): the
// same as in plain JavaScript, to the bit. Vectors that have to be kept at right angles to each other are one unit.
import { doubles } from './float64';

/** Solves with T − λ at most so many times. */
const MOST_SOLVES: i32 = 5;

@inline
function at(address: usize, index: i32): f64 {
  return load<f64>(address + doubles(index));
}

@inline
function put(address: usize, index: i32, value: f64): void {
  store<f64>(address + doubles(index), value);
}

/**
 * Turns random vectors into unit eigenvectors.
 *
 * @param band - 2 × size: the diagonal, and what is beside it
 * @param values - 2 × count: eigenvalues, and the shifts to solve with
 * @param groups - for each unit, as i32, its first vector; then the number of vectors
 * @param neighbors - for each vector, as i32, the first of those before it that it is kept at right angles to
 * @param vectors - count × size
 * @param rounding - how small a residual is enough
 * @param tiny - what a pivot of 0 becomes
 * @param scratch - room for 5 vectors
 */
export function inverseIteration(
  band: usize,
  size: i32,
  values: usize,
  count: i32,
  groups: usize,
  neighbors: usize,
  vectors: usize,
  rounding: f64,
  tiny: f64,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let unit = from; unit < to; unit++) {
    const last = load<i32>(groups + (<usize>(unit + 1) << 2));
    for (let vector = load<i32>(groups + (<usize>unit << 2)); vector < last; vector++) {
      factor(band, size, at(values, count + vector), tiny, scratch);
      const own = vectors + doubles(vector * size);
      const first = load<i32>(neighbors + (<usize>vector << 2));
      for (let times: i32 = 0; times < MOST_SOLVES; times++) {
        solve(scratch, size, own);
        unitAtRightAngles(own, size, vectors, first, vector);
        if (times > 0 && residual(band, size, own, at(values, vector)) <= rounding) break;
      }
    }
  }
}

/** Eliminates T − shift with row exchanges: five vectors, of pivots, the two beside them, factors, and 1 where rows were exchanged. */
function factor(band: usize, size: i32, shift: f64, tiny: f64, solver: usize): void {
  const off = band + doubles(size);
  const right = solver + doubles(size);
  const second = right + doubles(size);
  const factors = second + doubles(size);
  const swapped = factors + doubles(size);
  let own = at(band, 0) - shift;
  let next: f64 = size > 1 ? at(off, 0) : 0.0;
  for (let i: i32 = 0; i + 1 < size; i++) {
    const below = at(off, i);
    const middle = at(band, i + 1) - shift;
    const after: f64 = i + 2 < size ? at(off, i + 1) : 0.0;
    if (Math.abs(below) > Math.abs(own)) {
      const share = own / below;
      put(swapped, i, 1.0);
      put(solver, i, below);
      put(right, i, middle);
      put(second, i, after);
      put(factors, i, share);
      own = next - share * middle;
      next = -share * after;
    } else {
      const pivot = own == 0.0 ? tiny : own;
      const share = below / pivot;
      put(swapped, i, 0.0);
      put(solver, i, pivot);
      put(right, i, next);
      put(second, i, 0.0);
      put(factors, i, share);
      own = middle - share * next;
      next = after;
    }
  }
  put(solver, size - 1, own == 0.0 ? tiny : own);
}

/** Solves in place; solutions are large where the shift is an eigenvalue, and are brought back before they overflow. */
function solve(solver: usize, size: i32, b: usize): void {
  const right = solver + doubles(size);
  const second = right + doubles(size);
  const factors = second + doubles(size);
  const swapped = factors + doubles(size);
  for (let i: i32 = 0; i + 1 < size; i++) {
    if (at(swapped, i) == 1.0) {
      const kept = at(b, i);
      put(b, i, at(b, i + 1));
      put(b, i + 1, kept);
    }
    put(b, i + 1, at(b, i + 1) - at(factors, i) * at(b, i));
  }
  let most: f64 = 0.0;
  for (let i = size - 1; i >= 0; i--) {
    const beside: f64 = i + 1 < size ? at(right, i) * at(b, i + 1) : 0.0;
    const beyond: f64 = i + 2 < size ? at(second, i) * at(b, i + 2) : 0.0;
    const value = (at(b, i) - (beside + beyond)) / at(solver, i);
    put(b, i, value);
    most = max(most, Math.abs(value));
  }
  for (let i: i32 = 0; i < size; i++) put(b, i, at(b, i) / most);
}

/** A unit vector without what it has along others: twice, since once leaves rounding. */
function unitAtRightAngles(vector: usize, size: i32, others: usize, first: i32, last: i32): void {
  for (let pass: i32 = 0; pass < 2; pass++) {
    for (let k = first; k < last; k++) {
      const other = others + doubles(k * size);
      const along = dot(vector, other, size);
      for (let i: i32 = 0; i < size; i++) put(vector, i, at(vector, i) - along * at(other, i));
    }
  }
  const length = Math.sqrt(dot(vector, vector, size));
  for (let i: i32 = 0; i < size; i++) put(vector, i, at(vector, i) / length);
}

function dot(a: usize, b: usize, size: i32): f64 {
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < size; i++) sum += at(a, i) * at(b, i);
  return sum;
}

/** ‖T v − λ v‖. */
function residual(band: usize, size: i32, v: usize, value: f64): f64 {
  const off = band + doubles(size);
  let squares: f64 = 0.0;
  for (let i: i32 = 0; i < size; i++) {
    const before: f64 = i > 0 ? at(off, i - 1) * at(v, i - 1) : 0.0;
    const after: f64 = i + 1 < size ? at(off, i) * at(v, i + 1) : 0.0;
    const own = before + (at(band, i) - value) * at(v, i) + after;
    squares += own * own;
  }
  return Math.sqrt(squares);
}
