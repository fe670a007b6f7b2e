import { kernelsStarted, putPanels, roundUp, withFloat64Kernels } from '../wasm/float64-kernels';

/** Below this many multiplications nothing is gained by WebAssembly: where it is to be started, and where it was. */
const worthKernels = 1e6;
const worthStartedKernels = 2e5;
/** How many rows are one unit of work there. */
const UNIT = 32;
/** How many columns are summed before moving on, so that the panels in hand stay in the processor's cache. */
const CHUNK = 256;
/** Rows that are interleaved into one panel and multiplied together. */
const TILE = 4;

/**
 * All inner products between the rows of two row-major matrices: `left` (m × width) times `right` (n × width)
 * transposed, m × n. With the same array on both sides only half is computed.
 *
 * Rows are first interleaved by fours, chunk of columns by chunk (Goto & van de Geijn 2008, ACM TOMS 34:12), which
 * is two to three times as fast as walking along the rows themselves.
 *
 * @param options.inAll - how many such products there are one after the other: threads that are started for one serve them all
 */
export function innerProducts(
  left: Float64Array,
  right: Float64Array,
  width: number,
  { inAll = 1 }: { readonly inAll?: number } = {},
): Float64Array {
  const m = width === 0 ? 0 : left.length / width;
  const n = width === 0 ? 0 : right.length / width;
  const work = (m * n * width) / (left === right ? 2 : 1);
  const factors = { left, m, right, n, width, work: work * inAll };
  const worth = kernelsStarted() ? worthStartedKernels : worthKernels;
  const byKernel = work < worth ? undefined : productsByKernel(factors);
  return byKernel ?? plainProducts(left, right, { m, n, width });
}

interface Factors {
  readonly left: Float64Array;
  readonly m: number;
  readonly right: Float64Array;
  readonly n: number;
  readonly width: number;
}

/** In WebAssembly, the same to the bit; nothing where there is no memory for it. */
function productsByKernel({
  left,
  m,
  right,
  n,
  width,
  work,
}: Factors & { readonly work: number }): Float64Array | undefined {
  const symmetric = left === right;
  const [rows, columns] = [m, n].map((count) => roundUp(count, TILE));
  const bytes = 8 * ((rows + columns) * width + rows * columns) + 1024;
  return withFloat64Kernels({ bytes, scratchBytes: 0, work }, (room) => {
    const put = (values: Float64Array, count: number, filled: number): number => {
      const order = Int32Array.from({ length: filled }, (_, row) => (row < count ? row : -1));
      return putPanels(room, { values, width, order });
    };
    const a = put(left, m, rows);
    const b = symmetric ? a : put(right, n, columns);
    const out = room.take(8 * rows * columns);
    const args = [a, rows, b, columns, width, out, symmetric ? 1 : 0];
    room.run('products', args, { units: Math.ceil(rows / UNIT) });
    return trim(room.doubles(out, rows * columns), { m, n, padded: columns, symmetric });
  });
}

/** Some columns of a row-major table. */
export interface ColumnsOfTable {
  readonly table: Float64Array;
  /** How many rows it has, and how many columns. */
  readonly rows: number;
  readonly width: number;
  /** The first column that is meant, and how many. */
  readonly first: number;
  readonly size: number;
}

/**
 * Sums of the rows of some columns, each with weights of its own: weights (m × rows) times columns (rows × size), m × size, row-major.
 * {@link innerProducts} with columns in the place of rows: they are put where kernels want them without being turned before.
 */
export function weightedColumns(
  weights: Float64Array,
  columns: ColumnsOfTable,
  { inAll = 1 }: { readonly inAll?: number } = {},
): Float64Array {
  const { rows, size } = columns;
  const m = rows === 0 ? 0 : weights.length / rows;
  const work = m * rows * size;
  const byKernel = work < worthKernels ? undefined : columnsByKernel(weights, columns, work * inAll);
  return byKernel ?? innerProducts(weights, turned(columns), rows);
}

function columnsByKernel(
  weights: Float64Array,
  { table, rows, width, first, size }: ColumnsOfTable,
  work: number,
): Float64Array | undefined {
  const m = weights.length / rows;
  const [padded, columns] = [m, size].map((count) => roundUp(count, TILE));
  const bytes = 8 * ((padded + columns) * rows + padded * columns) + 1024;
  return withFloat64Kernels({ bytes, scratchBytes: 0, work }, (room) => {
    const order = Int32Array.from({ length: padded }, (_, row) => (row < m ? row : -1));
    const left = putPanels(room, { values: weights, width: rows, order });
    const right = room.take(8 * columns * rows);
    const panels = room.doubles(right, columns * rows);
    putColumns(panels, { table, rows, width, first, size });
    const out = room.take(8 * padded * columns);
    room.run('products', [left, padded, right, columns, rows, out, 0], { units: Math.ceil(padded / UNIT) });
    return trim(room.doubles(out, padded * columns), { m, n: size, padded: columns, symmetric: false });
  });
}

/** Columns as panels: four of a row after four of the row before, by eights of rows, since panels are far apart. */
function putColumns(panels: Float64Array, { table, rows, width, first, size }: ColumnsOfTable): void {
  for (let from = 0; from < rows; from += 8) {
    const to = Math.min(from + 8, rows);
    for (let k = 0; k < size; k += TILE) {
      let at = k * rows + from * TILE;
      for (let row = from; row < to; row++) {
        const own = row * width + first + k;
        for (let j = 0; j < TILE; j++) panels[at++] = k + j < size ? table[own + j] : 0;
      }
    }
  }
}

/** The columns as rows, by eights, since the writes are far apart. */
function turned({ table, rows, width, first, size }: ColumnsOfTable): Float64Array {
  const values = new Float64Array(size * rows);
  for (let from = 0; from < rows; from += 8) {
    const to = Math.min(from + 8, rows);
    for (let k = 0; k < size; k++) {
      for (let row = from; row < to; row++) values[k * rows + row] = table[row * width + first + k];
    }
  }
  return values;
}

/** In plain JavaScript, as for small tables and where there is no memory for WebAssembly. */
export function plainProducts(
  left: Float64Array,
  right: Float64Array,
  { m, n, width }: { readonly m: number; readonly n: number; readonly width: number },
): Float64Array {
  const symmetric = left === right;
  const padded = roundUp(n, TILE);
  const sums = new Float64Array(roundUp(m, TILE) * padded);
  for (let from = 0; from < width; from += CHUNK) {
    const chunk = { width, from, to: Math.min(width, from + CHUNK) };
    const size = (chunk.to - from) * TILE;
    const leftPanels = interleave(left, m, chunk);
    const rightPanels = symmetric ? leftPanels : interleave(right, n, chunk);
    for (let i = 0; i * TILE < m; i++) {
      const a = leftPanels.subarray(i * size, (i + 1) * size);
      for (let j = 0; j * TILE < (symmetric ? (i + 1) * TILE : n); j++) {
        const b = rightPanels.subarray(j * size, (j + 1) * size);
        addTile(sums.subarray(i * TILE * padded + j * TILE), { a, b, stride: padded });
      }
    }
  }
  return trim(sums, { m, n, padded, symmetric });
}

/** The columns from `from` up to `to` of every row, four rows interleaved; rows missing to a full four are zero. */
function interleave(
  rows: Float64Array,
  count: number,
  { width, from, to }: { readonly width: number; readonly from: number; readonly to: number },
): Float64Array {
  const length = to - from;
  const panels = new Float64Array(roundUp(count, TILE) * length);
  for (let row = 0; row < count; row++) {
    const start = Math.floor(row / TILE) * TILE * length + (row % TILE);
    for (let k = 0; k < length; k++) panels[start + k * TILE] = rows[row * width + from + k];
  }
  return panels;
}

/** Adds the inner products of two panels, as two halves of 2 × 4 sums that stay in registers. */
function addTile(
  sums: Float64Array,
  { a, b, stride }: { readonly a: Float64Array; readonly b: Float64Array; readonly stride: number },
): void {
  for (let half = 0; half < TILE; half += 2) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let t0 = 0;
    let t1 = 0;
    let t2 = 0;
    let t3 = 0;
    for (let k = 0; k < a.length; k += TILE) {
      const x = a[k + half];
      const y = a[k + half + 1];
      const p = b[k];
      const q = b[k + 1];
      const r = b[k + 2];
      const s = b[k + 3];
      s0 += x * p;
      s1 += x * q;
      s2 += x * r;
      s3 += x * s;
      t0 += y * p;
      t1 += y * q;
      t2 += y * r;
      t3 += y * s;
    }
    const at = half * stride;
    sums[at] += s0;
    sums[at + 1] += s1;
    sums[at + 2] += s2;
    sums[at + 3] += s3;
    sums[at + stride] += t0;
    sums[at + stride + 1] += t1;
    sums[at + stride + 2] += t2;
    sums[at + stride + 3] += t3;
  }
}

/** The sums without their padding; the upper triangle copied from the lower one where only that was computed. */
function trim(
  sums: Float64Array,
  shape: { readonly m: number; readonly n: number; readonly padded: number; readonly symmetric: boolean },
): Float64Array {
  const { m, n, padded, symmetric } = shape;
  if (!symmetric && n === padded) return sums.slice(0, m * n);
  const products = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      products[i * n + j] = symmetric && j > i ? sums[j * padded + i] : sums[i * padded + j];
    }
  }
  return products;
}
