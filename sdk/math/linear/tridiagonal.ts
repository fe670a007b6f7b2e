import { ConcordError } from '../../errors';
import { withFloat64Kernels } from '../wasm/float64-kernels';
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

/** A symmetric matrix to be made tridiagonal. */
export interface SymmetricMatrix {
  /** size × size, row-major, both triangles. */
  readonly values: Float64Array;
  readonly size: number;
}

/** Below this many multiplications nothing is gained by WebAssembly. */
const worthKernels = 1e5;
/** No more memory than this is taken at once, as far as matrices go. */
const mostBytes = 2 ** 26;

/**
 * Makes a symmetric matrix tridiagonal by Householder reflections (Golub & Van Loan 2013, Matrix Computations, 4th
 * edition, section 8.3.1).
 *
 * @param matrix - size × size, row-major
 */
export function tridiagonalize(matrix: Float64Array, size: number): Tridiagonal {
  return tridiagonalizeAll([{ values: matrix, size }])[0];
}

/** Makes several matrices tridiagonal as {@link tridiagonalize} does, on all cores where it is worth it. */
export function tridiagonalizeAll(matrices: readonly SymmetricMatrix[]): readonly Tridiagonal[] {
  const made: Tridiagonal[] = [];
  for (let from = 0; from < matrices.length;) {
    let to = from + 1;
    let bytes = 8 * matrices[from].values.length;
    while (to < matrices.length && (bytes += 8 * matrices[to].values.length) <= mostBytes) to++;
    const together = matrices.slice(from, to);
    const reduced = reduceByKernel(together) ?? together.map(reducePlainly);
    made.push(...reduced.map((values, at) => reducedMatrix(values, together[at].size)));
    from = to;
  }
  return made;
}

/** In WebAssembly, the same to the bit; nothing where it is not worth it, or there is no memory for it. */
function reduceByKernel(matrices: readonly SymmetricMatrix[]): readonly Float64Array[] | undefined {
  const work = matrices.reduce((sum, { size }) => sum + size ** 3, 0);
  if (work < worthKernels) return undefined;
  const bytes = matrices.reduce((sum, { values }) => sum + 8 * values.length + 64, 8 * matrices.length + 128);
  const largest = Math.max(...matrices.map(({ size }) => size));
  const scratchBytes = 32 * largest;
  return withFloat64Kernels({ bytes, scratchBytes, work }, (room) => {
    const places = matrices.map(({ values }) => room.take(8 * values.length));
    const records = room.take(8 * matrices.length);
    matrices.forEach(({ values, size }, at) => {
      room.doubles(places[at], values.length).set(values);
      room.integers(records + 8 * at, 2).set([places[at], size]);
    });
    room.run('tridiagonalize', [records], { units: matrices.length, scratchBytes });
    return matrices.map(({ values }, at) => room.doubles(places[at], values.length).slice());
  });
}

/**
 * In plain JavaScript, as for small matrices. What is left is laid out as in the kernel: the diagonal of T; right below it
 * what is beside the diagonal of T; right of it, in the row before, the axis of each reflection; and two below the
 * diagonal its scale, 0 for none.
 */
export function reducePlainly({ values, size }: SymmetricMatrix): Float64Array {
  const left = Float64Array.from(values);
  const axis = new Float64Array(size);
  const product = new Float64Array(size);
  for (let at = 1; at < size; at++) {
    const first = left[at * size + at - 1];
    let rest = 0;
    for (let i = at + 1; i < size; i++) {
      axis[i] = left[i * size + at - 1];
      rest += axis[i] * axis[i];
    }
    const length = Math.sqrt(first * first + rest);
    const beside = rest === 0 ? first : first > 0 ? -length : length;
    axis[at] = first - beside;
    const scale = rest === 0 ? 0 : 2 / (axis[at] * axis[at] + rest);
    left[at * size + at - 1] = beside;
    if (at + 1 < size) left[(at + 1) * size + at - 1] = scale;
    if (rest === 0) continue;
    left.set(axis.subarray(at), (at - 1) * size + at);
    reflectBothSides(left, size, { at, axis, product, scale });
  }
  return left;
}

/** Reflects rows and columns of what is left of a symmetric matrix: 1 − scale · axis · axisᵀ, among the items from `at` on. */
function reflectBothSides(
  left: Float64Array,
  size: number,
  {
    at,
    axis,
    product,
    scale,
  }: {
    readonly at: number;
    readonly axis: Float64Array;
    readonly product: Float64Array;
    readonly scale: number;
  },
): void {
  product.fill(0);
  for (let i = at; i < size; i++) {
    const own = axis[i];
    for (let j = at, cell = i * size + at; j < size; j++) product[j] += own * left[cell++];
  }
  let along = 0;
  for (let i = at; i < size; i++) along += product[i] * axis[i];
  const shift = (scale * scale * along) / 2;
  for (let i = at; i < size; i++) product[i] = scale * product[i] - shift * axis[i];
  for (let i = at; i < size; i++) {
    const [a, p] = [axis[i], product[i]];
    for (let j = at, cell = i * size + at; j < size; j++) left[cell++] -= a * product[j] + p * axis[j];
  }
}

/** 1 − scale · axis · axisᵀ, among the items from `at` on. */
interface Reflection {
  readonly at: number;
  readonly axis: Float64Array;
  readonly scale: number;
}

/** The reduced matrix, and what turns vectors, as {@link reducePlainly} left them. */
function reducedMatrix(left: Float64Array, size: number): Tridiagonal {
  const reflections: Reflection[] = [];
  for (let at = 1; at + 1 < size; at++) {
    const scale = left[(at + 1) * size + at - 1];
    if (scale !== 0) reflections.push({ at, axis: left.subarray((at - 1) * size + at, at * size), scale });
  }
  const backwards = [...reflections].reverse();
  return {
    diagonal: Float64Array.from({ length: size }, (_, i) => left[i * size + i]),
    off: Float64Array.from({ length: size }, (_, i) => (i + 1 < size ? left[(i + 1) * size + i] : 0)),
    rotate: (vector) => reflected(vector, reflections),
    rotateBack: (vector) => reflected(vector, backwards),
    rotateBackRows: (table) => {
      if (turnByKernel(table, left, size) === undefined) reflectRows(table, size, backwards);
    },
  };
}

function reflected(vector: Float64Array, reflections: readonly Reflection[]): Float64Array {
  const result = Float64Array.from(vector);
  for (const { at, axis, scale } of reflections) {
    const part = result.subarray(at);
    const along = scale * dot(axis, part);
    for (let i = 0; i < axis.length; i++) part[i] -= along * axis[i];
  }
  return result;
}

/**
 * Turns rows back in WebAssembly, in place and by fours, to the same bits; nothing where they are few, or there is no memory for
 * it.
 */
function turnByKernel(table: Float64Array, reduced: Float64Array, size: number): Float64Array | undefined {
  const rows = size === 0 ? 0 : table.length / size;
  const work = 2 * rows * size ** 2;
  if (work < worthKernels) return undefined;
  const fours = Math.ceil(rows / 4);
  const need = { bytes: 8 * (8 * fours * size + reduced.length) + 256, scratchBytes: 0, work };
  return withFloat64Kernels(need, (room) => {
    const own = room.take(8 * 4 * fours * size);
    const panels = room.take(8 * 4 * fours * size);
    const left = room.take(8 * reduced.length);
    room.doubles(own, table.length).set(table);
    room.doubles(left, reduced.length).set(reduced);
    const division = { units: fours };
    room.run('rowPanels', [own, rows, size, panels], division);
    room.run('turnPanels', [panels, size, left], division);
    room.run('panelRows', [panels, size, own], division);
    table.set(room.doubles(own, table.length));
    return table;
  });
}

/** Reflects the rows of a table, by fours: one sum at a time would wait for each addition. */
function reflectRows(table: Float64Array, size: number, reflections: readonly Reflection[]): void {
  const rows = table.length / size;
  const whole = rows - (rows % 4);
  for (let row = 0; row < whole; row += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((more) =>
      table.subarray((row + more) * size, (row + more + 1) * size),
    );
    for (const { at, axis, scale } of reflections) {
      let [p, q, r, s] = [0, 0, 0, 0];
      for (let i = 0; i < axis.length; i++) {
        const own = axis[i];
        p += own * a[at + i];
        q += own * b[at + i];
        r += own * c[at + i];
        s += own * d[at + i];
      }
      p *= scale;
      q *= scale;
      r *= scale;
      s *= scale;
      for (let i = 0; i < axis.length; i++) {
        const own = axis[i];
        a[at + i] -= p * own;
        b[at + i] -= q * own;
        c[at + i] -= r * own;
        d[at + i] -= s * own;
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
 * After so many, what couples two items is held against the whole matrix. Where columns depend on each other (a sum beside its parts), a
 * block of eigenvalues that should be 0 is nothing but rounding of the large ones, and each step rounds it anew.
 */
const SWEEPS_OF_ITEMS = 20;

/**
 * The eigenvalues of a tridiagonal matrix, and vectors in terms of its eigenvectors, by implicit QL steps with Wilkinson's
 * shift (Golub & Van Loan, section 8.3.3): the vectors are rotated along instead of the eigenvectors.
 *
 * @returns the eigenvalues in no order, and the part of each vector along the eigenvector of each
 * @throws ConcordError `failed-step` where they are not found, as in a matrix with infinite entries.
 */
export function eigenvaluesAlong(
  { diagonal, off }: Pick<Tridiagonal, 'diagonal' | 'off'>,
  vectors: readonly Float64Array[],
): { readonly values: Float64Array; readonly parts: readonly Float64Array[] } {
  const values = Float64Array.from(diagonal);
  const beside = Float64Array.from(off);
  const parts = vectors.map((vector) => Float64Array.from(vector));
  let norm = 0;
  for (let i = 0; i < diagonal.length; i++) norm = Math.max(norm, Math.abs(diagonal[i]) + Math.abs(off[i]));
  let least = 0;
  for (let first = 0; first < values.length; first++) {
    for (let sweep = 0; ; sweep++) {
      if (sweep === SWEEPS_OF_ITEMS) least = norm;
      const last = endOfBlock(values, beside, { first, least });
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

/** The last item that is coupled with the first, by more than rounding of the items, or of a number that is at least so large. */
function endOfBlock(
  values: Float64Array,
  beside: Float64Array,
  { first, least }: { readonly first: number; readonly least: number },
): number {
  let last = first;
  while (
    last + 1 < values.length &&
    Math.abs(beside[last]) >
      Number.EPSILON * Math.max(least, Math.abs(values[last]) + Math.abs(values[last + 1]))
  )
    last++;
  return last;
}

/** √(a² + b²); `Math.hypot`, which minds squares too large or too small, is many times slower. */
function lengthOf(a: number, b: number): number {
  const squares = a * a + b * b;
  return squares > 1e-280 && squares < 1e280 ? Math.sqrt(squares) : Math.hypot(a, b);
}

/** One implicit QL step on the block from `first` to `last`. */
function qlStep(
  {
    values,
    beside,
    parts,
  }: {
    readonly values: Float64Array;
    readonly beside: Float64Array;
    readonly parts: readonly Float64Array[];
  },
  first: number,
  last: number,
): void {
  const half = (values[first + 1] - values[first]) / (2 * beside[first]);
  const root = lengthOf(half, 1);
  let bulge = values[last] - values[first] + beside[first] / (half + (half < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let carried = 0;
  for (let i = last - 1; i >= first; i--) {
    const turned = sine * beside[i];
    const kept = cosine * beside[i];
    const squares = turned * turned + bulge * bulge;
    const radius = squares > 1e-280 && squares < 1e280 ? Math.sqrt(squares) : lengthOf(turned, bulge);
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
    for (let vector = 0; vector < parts.length; vector++) {
      const part = parts[vector];
      const upper = part[i];
      const lower = part[i + 1];
      part[i + 1] = sine * upper + cosine * lower;
      part[i] = cosine * upper - sine * lower;
    }
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
