import { kernelsStarted, roundUp } from '../wasm/float64-kernels';
import { productsByKernel, workOf } from './products-by-kernels';

/** Below this many multiplications nothing is gained by WebAssembly: where it is to be started, and where it was. */
const worthKernels = 1e6;
const worthStartedKernels = 1e4;
/** How many columns are summed before moving on, so that the panels in hand stay in the processor's cache. */
const CHUNK = 256;
/** Rows that are interleaved into one panel and multiplied together. */
const TILE = 4;

/**
 * All inner products between the rows of two row-major matrices: `left` (m × width) times `right` (n × width)
 * transposed, m × n. With the same array on both sides only half is computed.
 *
 * Rows are first interleaved by fours, chunk of columns by chunk (Goto & van de Geijn 2008, ACM TOMS 34:12), which
 * is two to three times as fast as walking along the rows themselves. No copy of a table is made: they are interleaved in parts.
 */
export function innerProducts(left: Float64Array, right: Float64Array, width: number): Float64Array {
  const m = width === 0 ? 0 : left.length / width;
  const n = width === 0 ? 0 : right.length / width;
  const factors = { left, m, right, n, width };
  const worth = kernelsStarted() ? worthStartedKernels : worthKernels;
  const byKernel = workOf(factors) < worth ? undefined : productsByKernel(factors);
  return byKernel ?? plainProducts(left, right, { m, n, width });
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
