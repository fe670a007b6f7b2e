// Eigenvalues of a tridiagonal matrix by implicit QL steps with Wilkinson's shift (Golub & Van Loan 2013, "Matrix Computations",
// section 8.3.3): the same as in plain JavaScript, to the bit, but where numbers are so large or so small that squares overflow.
import { doubles } from './float64';

const EPSILON: f64 = 2.220446049250313e-16;

@inline
function at(address: usize, index: i32): f64 {
  return load<f64>(address + doubles(index));
}

@inline
function put(address: usize, index: i32, value: f64): void {
  store<f64>(address + doubles(index), value);
}

/**
 * Turns a diagonal into eigenvalues, in no order, and vectors into their parts along the eigenvectors.
 *
 * @param values - the diagonal
 * @param beside - what is beside it; the last is zero
 * @param parts - vectors, one after the other; none where `end` is the same
 * @param mostSweeps - how many steps are made for an eigenvalue
 * @param outcome - 0 before; 1 where that was not enough, or a square is too large or too small for a number
 */
export function eigenvalues(
  values: usize,
  beside: usize,
  size: i32,
  parts: usize,
  end: usize,
  mostSweeps: i32,
  outcome: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let first: i32 = 0; first < size; first++) {
    for (let sweep: i32 = 0; ; sweep++) {
      if (sweep == mostSweeps) {
        store<f64>(outcome, 1.0);
        return;
      }
      const last = endOfBlock(values, beside, first, size);
      if (last == first) break;
      if (!step(values, beside, size, parts, end, first, last)) {
        store<f64>(outcome, 1.0);
        return;
      }
    }
  }
}

/** The last item that is coupled with the first, by more than rounding. */
function endOfBlock(values: usize, beside: usize, first: i32, size: i32): i32 {
  let last = first;
  while (
    last + 1 < size &&
    Math.abs(at(beside, last)) > EPSILON * (Math.abs(at(values, last)) + Math.abs(at(values, last + 1)))
  ) {
    last++;
  }
  return last;
}

/** A length, of which the square is no number that rounding has touched more than usual; else NaN. */
@inline
function lengthOf(a: f64, b: f64): f64 {
  const squares = a * a + b * b;
  return squares > 1e-280 && squares < 1e280 ? Math.sqrt(squares) : NaN;
}

/** One step on the block from `first` to `last`; false where a length is not known. */
function step(
  values: usize,
  beside: usize,
  size: i32,
  parts: usize,
  end: usize,
  first: i32,
  last: i32,
): bool {
  const stride = doubles(size);
  const half = (at(values, first + 1) - at(values, first)) / (2.0 * at(beside, first));
  const root = lengthOf(half, 1.0);
  let bulge = at(values, last) - at(values, first) + at(beside, first) / (half + (half < 0.0 ? -root : root));
  let sine: f64 = 1.0;
  let cosine: f64 = 1.0;
  let carried: f64 = 0.0;
  for (let i = last - 1; i >= first; i--) {
    const turned = sine * at(beside, i);
    const kept = cosine * at(beside, i);
    const radius = lengthOf(turned, bulge);
    if (radius != radius) return false;
    put(beside, i + 1, radius);
    sine = turned / radius;
    cosine = bulge / radius;
    const reduced = at(values, i + 1) - carried;
    const mixed = (at(values, i) - reduced) * sine + 2.0 * cosine * kept;
    carried = sine * mixed;
    put(values, i + 1, reduced + carried);
    bulge = cosine * mixed - kept;
    for (let vector = parts; vector < end; vector += stride) {
      const upper = at(vector, i);
      const lower = at(vector, i + 1);
      put(vector, i + 1, sine * upper + cosine * lower);
      put(vector, i, cosine * upper - sine * lower);
    }
  }
  put(values, first, at(values, first) - carried);
  put(beside, first, bulge);
  put(beside, last, 0.0);
  return true;
}
