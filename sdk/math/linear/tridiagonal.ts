import { ConcordError } from '../../errors';
import { dot } from './dot';

/**
 * A symmetric matrix as Q · T · Qᵀ, with Q orthogonal and T tridiagonal.
 *
 * Our own, since ml-matrix computes all eigenvectors, which takes some eight times as long: who needs the eigenvalues,
 * and a few vectors in terms of the eigenvectors, can do without.
 */
export interface Tridiagonal {
  /** The diagonal of T. */
  readonly diagonal: Float64Array;
  /** Beside the diagonal: `off[i]` couples i and i + 1; the last is zero. */
  readonly off: Float64Array;
  /** Qᵀ · vector. */
  rotate(vector: Float64Array): Float64Array;
  /** Q · vector. */
  rotateBack(vector: Float64Array): Float64Array;
  /** Q · each row of a table, in place. */
  rotateBackRows(table: Float64Array): void;
}

/** 1 − scale · axis · axisᵀ, among the items from one on. */
interface Reflection {
  readonly from: number;
  readonly axis: Float64Array;
  readonly scale: number;
}

/**
 * Makes a symmetric matrix tridiagonal by Householder reflections (Golub & Van Loan 2013, Matrix Computations, 4th
 * edition, section 8.3.1).
 *
 * @param matrix - size × size, row-major; what is above the diagonal is not looked at
 */
export function tridiagonalize(matrix: Float64Array, size: number): Tridiagonal {
  const left = Float64Array.from(matrix);
  const off = new Float64Array(size);
  const reflections: Reflection[] = [];
  for (let from = 1; from < size; from++) {
    const axis = Float64Array.from({ length: size - from }, (_, i) => left[(from + i) * size + from - 1]);
    const rest = axis.subarray(1);
    const length = Math.sqrt(dot(axis, axis));
    const isDone = dot(rest, rest) === 0;
    off[from - 1] = isDone ? axis[0] : axis[0] > 0 ? -length : length;
    if (isDone) continue;
    axis[0] -= off[from - 1];
    const reflection = { from, axis, scale: 2 / dot(axis, axis) };
    reflectBothSides(left, size, reflection);
    reflections.push(reflection);
  }
  return {
    diagonal: Float64Array.from({ length: size }, (_, i) => left[i * size + i]),
    off,
    rotate: (vector) => reflected(vector, reflections),
    rotateBack: (vector) => reflected(vector, [...reflections].reverse()),
    rotateBackRows: (table) => {
      reflectRows(table, size, [...reflections].reverse());
    },
  };
}

/** Reflects rows and columns of what is left of a symmetric matrix, on and below its diagonal. */
function reflectBothSides(left: Float64Array, size: number, { from, axis, scale }: Reflection): void {
  const count = axis.length;
  const product = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const row = (from + i) * size + from;
    const own = axis[i];
    let sum = left[row + i] * own;
    for (let j = 0; j < i; j++) {
      const value = left[row + j];
      sum += value * axis[j];
      product[j] += value * own;
    }
    product[i] += sum;
  }
  const shift = (scale * scale * dot(product, axis)) / 2;
  for (let i = 0; i < count; i++) product[i] = scale * product[i] - shift * axis[i];
  for (let i = 0; i < count; i++) {
    const row = (from + i) * size + from;
    const [a, p] = [axis[i], product[i]];
    for (let j = 0; j <= i; j++) left[row + j] -= a * product[j] + p * axis[j];
  }
}

function reflected(vector: Float64Array, reflections: readonly Reflection[]): Float64Array {
  const result = Float64Array.from(vector);
  for (const { from, axis, scale } of reflections) {
    const part = result.subarray(from);
    const along = scale * dot(axis, part);
    for (let i = 0; i < axis.length; i++) part[i] -= along * axis[i];
  }
  return result;
}

/** Reflects the rows of a table, by fours: one sum at a time would wait for each addition. */
function reflectRows(table: Float64Array, size: number, reflections: readonly Reflection[]): void {
  const rows = table.length / size;
  const whole = rows - (rows % 4);
  for (let row = 0; row < whole; row += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((more) =>
      table.subarray((row + more) * size, (row + more + 1) * size),
    );
    for (const { from, axis, scale } of reflections) {
      let [p, q, r, s] = [0, 0, 0, 0];
      for (let i = 0; i < axis.length; i++) {
        const own = axis[i];
        p += own * a[from + i];
        q += own * b[from + i];
        r += own * c[from + i];
        s += own * d[from + i];
      }
      p *= scale;
      q *= scale;
      r *= scale;
      s *= scale;
      for (let i = 0; i < axis.length; i++) {
        const own = axis[i];
        a[from + i] -= p * own;
        b[from + i] -= q * own;
        c[from + i] -= r * own;
        d[from + i] -= s * own;
      }
    }
  }
  for (let row = whole; row < rows; row++) {
    const own = table.subarray(row * size, (row + 1) * size);
    own.set(reflected(own, reflections));
  }
}

/** How often a pair of items is rotated at most before an eigenvalue is found; 30 are customary, and 2 are usual. */
const MOST_SWEEPS = 60;

/**
 * The eigenvalues of a tridiagonal matrix, and a vector in terms of its eigenvectors, by implicit QL steps with Wilkinson's
 * shift (Golub & Van Loan, section 8.3.3): the vector is rotated along instead of the eigenvectors.
 *
 * @returns the eigenvalues in no order, and the part of the vector along the eigenvector of each
 * @throws ConcordError `failed-step` where they are not found, as in a matrix with infinite entries.
 */
export function eigenvaluesAlong(
  { diagonal, off }: Pick<Tridiagonal, 'diagonal' | 'off'>,
  vector: Float64Array,
): { readonly values: Float64Array; readonly parts: Float64Array } {
  const values = Float64Array.from(diagonal);
  const beside = Float64Array.from(off);
  const parts = Float64Array.from(vector);
  for (let first = 0; first < values.length; first++) {
    for (let sweep = 0; ; sweep++) {
      const last = endOfBlock(values, beside, first);
      if (last === first) break;
      if (sweep === MOST_SWEEPS)
        throw new ConcordError(
          'failed-step',
          'the eigenvalues of a matrix were not found: it may hold infinite values',
        );
      qlStep({ values, beside, parts }, first, last);
    }
  }
  return { values, parts };
}

/** The last item that is coupled with the first, by more than rounding. */
function endOfBlock(values: Float64Array, beside: Float64Array, first: number): number {
  let last = first;
  while (
    last + 1 < values.length &&
    Math.abs(beside[last]) > Number.EPSILON * (Math.abs(values[last]) + Math.abs(values[last + 1]))
  )
    last++;
  return last;
}

/** One implicit QL step on the block from `first` to `last`. */
function qlStep(
  {
    values,
    beside,
    parts,
  }: { readonly values: Float64Array; readonly beside: Float64Array; readonly parts: Float64Array },
  first: number,
  last: number,
): void {
  const half = (values[first + 1] - values[first]) / (2 * beside[first]);
  const root = Math.hypot(half, 1);
  let bulge = values[last] - values[first] + beside[first] / (half + (half < 0 ? -root : root));
  let [sine, cosine, carried] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const turned = sine * beside[i];
    const kept = cosine * beside[i];
    const radius = Math.hypot(turned, bulge);
    beside[i + 1] = radius;
    if (radius === 0) {
      // The block falls apart here: what was carried is put back, and the next step takes the smaller block.
      values[i + 1] -= carried;
      beside[last] = 0;
      return;
    }
    sine = turned / radius;
    cosine = bulge / radius;
    const reduced = values[i + 1] - carried;
    const mixed = (values[i] - reduced) * sine + 2 * cosine * kept;
    carried = sine * mixed;
    values[i + 1] = reduced + carried;
    bulge = cosine * mixed - kept;
    const [upper, lower] = [parts[i], parts[i + 1]];
    parts[i + 1] = sine * upper + cosine * lower;
    parts[i] = cosine * upper - sine * lower;
  }
  values[first] -= carried;
  beside[first] = bulge;
  beside[last] = 0;
}

/**
 * Solves (T + shift) · x = right for a tridiagonal T without negative eigenvalues and a positive shift, by elimination
 * without pivoting, which positive definite matrices do not need.
 */
export function solveShifted(
  { diagonal, off }: Pick<Tridiagonal, 'diagonal' | 'off'>,
  shift: number,
  right: Float64Array,
): Float64Array {
  const x = Float64Array.from(right);
  const pivots = diagonal.map((value) => value + shift);
  for (let i = 1; i < x.length; i++) {
    const factor = off[i - 1] / pivots[i - 1];
    pivots[i] -= factor * off[i - 1];
    x[i] -= factor * x[i - 1];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    const above = i + 1 < x.length ? off[i] * x[i + 1] : 0;
    x[i] = (x[i] - above) / pivots[i];
  }
  return x;
}
