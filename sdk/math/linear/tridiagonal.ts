import { ConcordError } from '../../errors';
import { kernelsStarted, roundUp, withFloat64Kernels } from '../wasm/float64-kernels';
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

/** Below this many multiplications nothing is gained by WebAssembly: where it is to be started, and where it was. */
const worthKernels = 1e5;
const worthStartedKernels = 1e4;
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
  if (work < (kernelsStarted() ? worthStartedKernels : worthKernels)) return undefined;
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
  let own: AxisAndProduct = { axis: new Float64Array(size), product: new Float64Array(size) };
  let next: AxisAndProduct = { axis: new Float64Array(size), product: new Float64Array(size) };
  let scale = 0;
  for (let at = 0; at + 1 < size; at++) {
    if (scale !== 0) {
      finishProduct(own, at, scale);
      for (let j = at; j < size; j++) reflectOne(left, { size, i: at, j }, own);
    }
    scale = beginReflection(left, size, { at: at + 1, axis: next.axis });
    reflectAndMultiply(left, size, { first: at + 1, own, next });
    [own, next] = [next, own];
  }
  return left;
}

/** The axis a of a reflection, and p: it takes a · pᵀ + p · aᵀ away. */
interface AxisAndProduct {
  readonly axis: Float64Array;
  readonly product: Float64Array;
}

/** Finds the axis that takes away what row at − 1 has beyond item `at`, writes it down, and returns its scale: 0 for none. */
function beginReflection(
  left: Float64Array,
  size: number,
  { at, axis }: { readonly at: number; readonly axis: Float64Array },
): number {
  const row = (at - 1) * size;
  const first = left[row + at];
  let rest = 0;
  for (let i = at + 1; i < size; i++) {
    axis[i] = left[row + i];
    rest += axis[i] * axis[i];
  }
  const length = Math.sqrt(first * first + rest);
  const beside = rest === 0 ? first : first > 0 ? -length : length;
  axis[at] = first - beside;
  const scale = rest === 0 ? 0 : 2 / (axis[at] * axis[at] + rest);
  left[at * size + at - 1] = beside;
  if (at + 1 < size) left[(at + 1) * size + at - 1] = scale;
  if (rest === 0) axis.fill(0, at);
  else left.set(axis.subarray(at), row + at);
  return scale;
}

/** From matrix · axis to what a reflection takes away. */
function finishProduct({ axis, product }: AxisAndProduct, at: number, scale: number): void {
  const size = axis.length;
  let along = 0;
  for (let i = at; i < size; i++) along += product[i] * axis[i];
  const shift = (scale * scale * along) / 2;
  for (let i = at; i < size; i++) product[i] = scale * product[i] - shift * axis[i];
}

function reflectOne(
  left: Float64Array,
  { size, i, j }: { readonly size: number; readonly i: number; readonly j: number },
  { axis, product }: AxisAndProduct,
): number {
  return (left[i * size + j] -= axis[i] * product[j] + product[i] * axis[j]);
}

/**
 * Reflects what is left of a symmetric matrix above its diagonal, and multiplies by the axis of the next reflection: in the order of
 * the kernel, where rows go by twos and sums along them are of every other number.
 */
function reflectAndMultiply(
  left: Float64Array,
  size: number,
  {
    first,
    own,
    next,
  }: { readonly first: number; readonly own: AxisAndProduct; readonly next: AxisAndProduct },
): void {
  const { axis, product } = next;
  product.fill(0, first);
  const both = (i: number, j: number): void => {
    const value = reflectOne(left, { size, i, j }, own);
    product[i] += axis[j] * value;
    if (i !== j) product[j] += axis[i] * value;
  };
  for (let i = first; i < size; i += 2) {
    both(i, i);
    if (i + 1 === size) return;
    both(i, i + 1);
    both(i + 1, i + 1);
    const sums = [0, 0, 0, 0];
    for (let j = i + 2; j < size; j++) {
      for (let more = 0; more < 2; more++) {
        const value = reflectOne(left, { size, i: i + more, j }, own);
        product[j] += axis[i + more] * value;
        sums[2 * more + ((j - i) % 2)] += axis[j] * value;
      }
    }
    product[i] += sums[0] + sums[1];
    product[i + 1] += sums[2] + sums[3];
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
  if (work < (kernelsStarted() ? worthStartedKernels : worthKernels)) return undefined;
  // Panels of four rows are turned by twos.
  const fours = roundUp(Math.ceil(rows / 4), 2);
  const need = { bytes: 8 * (8 * fours * size + reduced.length) + 256, scratchBytes: 0, work };
  return withFloat64Kernels(need, (room) => {
    const own = room.take(8 * 4 * fours * size);
    const panels = room.take(8 * 4 * fours * size);
    const left = room.take(8 * reduced.length);
    room.doubles(own, table.length).set(table);
    room.doubles(left, reduced.length).set(reduced);
    room.run('rowPanels', [own, rows, size, panels], { units: Math.ceil(rows / 4) });
    room.run('turnPanels', [panels, size, left], { units: fours / 2 });
    room.run('panelRows', [panels, size, own], { units: Math.ceil(rows / 4) });
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
  const size = diagonal.length;
  const parts = new Float64Array(vectors.length * size);
  vectors.forEach((vector, at) => parts.set(vector, at * size));
  const values = eigenvaluesByKernel({ diagonal, off }, parts);
  if (values === undefined) return eigenvaluesPlainly({ diagonal, off }, vectors);
  return { values, parts: vectors.map((_, at) => parts.subarray(at * size, (at + 1) * size)) };
}

/** {@link eigenvaluesAlong} in plain JavaScript, as for few numbers. Exported for tests. */
export function eigenvaluesPlainly(
  { diagonal, off }: Pick<Tridiagonal, 'diagonal' | 'off'>,
  vectors: readonly Float64Array[],
): { readonly values: Float64Array; readonly parts: readonly Float64Array[] } {
  const size = diagonal.length;
  const parts = new Float64Array(vectors.length * size);
  vectors.forEach((vector, at) => parts.set(vector, at * size));
  const values = Float64Array.from(diagonal);
  const beside = Float64Array.from(off);
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
  return { values, parts: vectors.map((_, at) => parts.subarray(at * size, (at + 1) * size)) };
}

/** Fewer are computed before a module is compiled; the same where it was started before. */
const worthEigenvalues = 200;
const worthStartedEigenvalues = 50;

/**
 * The eigenvalues in WebAssembly, and parts in place, to the same bits; nothing, and parts as they were, where they are few, or there is no memory for it, or they take
 * more care: more sweeps, or lengths of numbers that are very large or small.
 */
function eigenvaluesByKernel(
  { diagonal, off }: Pick<Tridiagonal, 'diagonal' | 'off'>,
  parts: Float64Array,
): Float64Array | undefined {
  const size = diagonal.length;
  if (size < (kernelsStarted() ? worthStartedEigenvalues : worthEigenvalues)) return undefined;
  const found = withFloat64Kernels(
    { bytes: 8 * (2 * size + 1 + parts.length) + 64 * 4, scratchBytes: 0, work: 0 },
    (room) => {
      const [values, beside, outcome] = [size, size, 1].map((count) => room.take(8 * count));
      room.doubles(values, size).set(diagonal);
      room.doubles(beside, size).set(off);
      room.doubles(outcome, 1).fill(0);
      const vectors = room.take(8 * parts.length);
      room.doubles(vectors, parts.length).set(parts);
      const args = [values, beside, size, vectors, vectors + 8 * parts.length, SWEEPS_OF_ITEMS, outcome];
      room.run('eigenvalues', args, { units: 1 });
      const failed = room.doubles(outcome, 1)[0] === 1;
      if (!failed) parts.set(room.doubles(vectors, parts.length));
      return { values: room.doubles(values, size).slice(), failed };
    },
  );
  return found === undefined || found.failed ? undefined : found.values;
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
    /** Vectors one after the other. */
    readonly parts: Float64Array;
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
    for (let at = i; at < parts.length; at += values.length) {
      const upper = parts[at];
      const lower = parts[at + 1];
      parts[at + 1] = sine * upper + cosine * lower;
      parts[at] = cosine * upper - sine * lower;
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
