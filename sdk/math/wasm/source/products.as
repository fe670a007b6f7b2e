// Inner products of rows that are interleaved by fours into panels: the values of four rows for the first column, for the
// second, and so on. Rows missing to a full four are zeros.
import { doubles, exponential } from './float64';

/** How many columns are summed before moving on, so that the panels in hand stay in the processor's cache. */
const CHUNK: i32 = 256;
/** How many rows are multiplied with a panel while it is in the processor's nearest cache. */
const ROWS: i32 = 32;

/**
 * The inner products of m rows with n rows, both multiples of four, row by row at `out`.
 *
 * @param stride - how many values the rows of `out` are apart
 * @param lower - whether the two are the same, and only what is on and below the diagonal (by tiles) is wanted
 * @param more - whether they are to be added to what is at `out`
 */
export function multiply(
  left: usize,
  m: i32,
  right: usize,
  n: i32,
  width: i32,
  out: usize,
  stride: i32,
  lower: bool,
  more: bool = false,
): void {
  for (let k: i32 = 0; k < width; k += CHUNK) {
    const length = min(CHUNK, width - k);
    for (let block: i32 = 0; block < m; block += ROWS) {
      const last = min(block + ROWS, m);
      const end = lower ? last : n;
      for (let j: i32 = 0; j < end; j += 4) {
        const b = right + doubles(j * width + 4 * k);
        for (let i = lower ? max(block, j) : block; i < last; i += 4) {
          const target = out + ((<usize>i * <usize>stride + <usize>j) << 3);
          tile(left + doubles(i * width + 4 * k), b, length, target, doubles(stride), more || k > 0);
        }
      }
    }
  }
}

/**
 * Some of the inner products of rows with n rows, which is a multiple of four: those of 32 rows are one unit.
 *
 * @param count - how many rows there are, a multiple of four
 * @param same - whether both are the same rows, and only what is on and below the diagonal (by tiles) is wanted
 * @param more - whether they are to be added to what is at `out`: the products of rows that come some columns at a time
 */
export function products(
  left: usize,
  count: i32,
  right: usize,
  n: i32,
  width: i32,
  out: usize,
  same: bool,
  more: bool,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const units = (count + ROWS - 1) / ROWS;
  for (let unit = from; unit < to; unit++) {
    // Of a triangle the longest rows come first, so that no thread is left with them at the end.
    const first = (same ? units - 1 - unit : unit) * ROWS;
    const rows = min(ROWS, count - first);
    const target = out + ((<usize>first * <usize>n) << 3);
    const columns = same ? first + rows : n;
    multiply(left + doubles(first * width), rows, right, columns, width, target, n, false, more);
  }
}

/** Four rows with four rows, `more` to be added to what is there: for each of the first, four products, `stride` bytes apart. */
@inline
export function tile(a: usize, b: usize, length: i32, out: usize, stride: usize, more: bool): void {
  let p0 = f64x2.splat(0.0);
  let q0 = f64x2.splat(0.0);
  let p1 = f64x2.splat(0.0);
  let q1 = f64x2.splat(0.0);
  let p2 = f64x2.splat(0.0);
  let q2 = f64x2.splat(0.0);
  let p3 = f64x2.splat(0.0);
  let q3 = f64x2.splat(0.0);
  const end = a + (<usize>length << 5);
  // Two columns a round, with a way out between them: in one piece V8 would load all that both need before it multiplies, for
  // which there are not enough registers.
  const last = end - 32;
  while (a < end) {
    const u = v128.load(b);
    const v = v128.load(b, 16);
    const x0 = v128.load64_splat(a);
    const x1 = v128.load64_splat(a, 8);
    const x2 = v128.load64_splat(a, 16);
    const x3 = v128.load64_splat(a, 24);
    p0 = f64x2.add(p0, f64x2.mul(x0, u));
    q0 = f64x2.add(q0, f64x2.mul(x0, v));
    p1 = f64x2.add(p1, f64x2.mul(x1, u));
    q1 = f64x2.add(q1, f64x2.mul(x1, v));
    p2 = f64x2.add(p2, f64x2.mul(x2, u));
    q2 = f64x2.add(q2, f64x2.mul(x2, v));
    p3 = f64x2.add(p3, f64x2.mul(x3, u));
    q3 = f64x2.add(q3, f64x2.mul(x3, v));
    if (a == last) break;
    const s = v128.load(b, 32);
    const t = v128.load(b, 48);
    const y0 = v128.load64_splat(a, 32);
    const y1 = v128.load64_splat(a, 40);
    const y2 = v128.load64_splat(a, 48);
    const y3 = v128.load64_splat(a, 56);
    p0 = f64x2.add(p0, f64x2.mul(y0, s));
    q0 = f64x2.add(q0, f64x2.mul(y0, t));
    p1 = f64x2.add(p1, f64x2.mul(y1, s));
    q1 = f64x2.add(q1, f64x2.mul(y1, t));
    p2 = f64x2.add(p2, f64x2.mul(y2, s));
    q2 = f64x2.add(q2, f64x2.mul(y2, t));
    p3 = f64x2.add(p3, f64x2.mul(y3, s));
    q3 = f64x2.add(q3, f64x2.mul(y3, t));
    a += 64;
    b += 64;
  }
  put(out, p0, q0, more);
  put(out + stride, p1, q1, more);
  put(out + 2 * stride, p2, q2, more);
  put(out + 3 * stride, p3, q3, more);
}

@inline
function put(out: usize, p: v128, q: v128, more: bool): void {
  v128.store(out, more ? f64x2.add(v128.load(out), p) : p);
  v128.store(out, more ? f64x2.add(v128.load(out, 16), q) : q, 16);
}

/** Copies what is below the diagonal of a square of values above it. */
export function mirror(square: usize, size: i32): void {
  for (let i: i32 = 0; i < size; i++) {
    for (let j: i32 = 0; j < i; j++) {
      const value = load<f64>(square + ((<usize>i * <usize>size + <usize>j) << 3));
      store<f64>(square + ((<usize>j * <usize>size + <usize>i) << 3), value);
    }
  }
}

/**
 * Takes away what products have at the end of each row since rows were made a multiple of four, and copies what is below the
 * diagonal above it where only that was computed. Row by row from the first: one unit.
 *
 * @param stride - how many values the rows of `out` are apart; n after
 * @param same - whether only what is on and below the diagonal was computed
 */
export function finishProducts(
  out: usize,
  m: i32,
  n: i32,
  stride: i32,
  same: bool,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  if (n != stride) {
    for (let row: i32 = 1; row < m; row++) {
      memory.copy(
        out + ((<usize>row * <usize>n) << 3),
        out + ((<usize>row * <usize>stride) << 3),
        doubles(n),
      );
    }
  }
  if (!same) return;
  // By squares: what is read and what is written of them stay in the processor's nearest cache.
  for (let top: i32 = 0; top < n; top += ROWS) {
    for (let left: i32 = 0; left <= top; left += ROWS) {
      for (let i = top; i < min(top + ROWS, n); i++) {
        for (let j = left; j < min(left + ROWS, i); j++) {
          const value = load<f64>(out + ((<usize>i * <usize>n + <usize>j) << 3));
          store<f64>(out + ((<usize>j * <usize>n + <usize>i) << 3), value);
        }
      }
    }
  }
}

/**
 * exp(−gamma · squared distance) from inner products and squared lengths, for some rows; `out` may be where they come from.
 */
export function gaussian(
  products: usize,
  out: usize,
  rows: i32,
  columns: i32,
  stride: i32,
  rowNorms: usize,
  columnNorms: usize,
  gamma: f64,
): void {
  const factor = f64x2.splat(-gamma);
  for (let i: i32 = 0; i < rows; i++) {
    const own = v128.load64_splat(rowNorms + doubles(i));
    const start = (<usize>i * <usize>stride) << 3;
    for (let j: i32 = 0; j < columns; j += 2) {
      const product = v128.load(products + start + doubles(j));
      const sum = f64x2.add(own, v128.load(columnNorms + doubles(j)));
      const distance = f64x2.pmax(f64x2.splat(0.0), f64x2.sub(sum, f64x2.add(product, product)));
      v128.store(out + start + doubles(j), exponential(f64x2.mul(factor, distance)));
    }
  }
}
