// A step of all free items at once, which are those strictly within bounds: Newton's method on them, the others left as they
// are. Where the kernel makes items much alike, as the inner products of harmonized tables do, pairs come near the optimum
// in some ten thousand steps, and this in one or two.
import { doubles } from './float64';
import { tile } from './products';
import { alphas, ascent, at, bounds, falls, listed, noteFreedom, put, rises, signs } from './svm-state';

/** More free items than these are left to steps of pairs: the work grows with their third power. */
const MOST_FREE: i32 = 1000;
/** What is added to the diagonal, as a share of its mean, since items may depend on each other. */
const RIDGE: f64 = 1e-10;

/**
 * Moves the free items to their optimum, or toward it as far as the first bound.
 *
 * The change d of yα among them solves K d + λ 1 = ascent with Σ d = 0: by the Cholesky factor L of K, with the ridge,
 * d = L⁻ᵀ (L⁻¹ ascent − λ L⁻¹ 1).
 *
 * @param scratch - room for a list of all items, and, for the free ones, three vectors, sixteen values and a matrix
 * @returns whether a bound was in the way
 */
export function stepFree(kernel: usize, size: i32, scratch: usize): bool {
  const list = scratch;
  let count: i32 = 0;
  for (let i: i32 = 0; i < size; i++) {
    if (!rises(i) || !falls(i)) continue;
    store<i32>(list + ((<usize>count) << 2), i);
    count++;
  }
  if (count < 2 || count > MOST_FREE) return false;
  const width = (count + 3) & ~3;
  const step = doubles(width);
  const target = list + doubles(size);
  const ones = target + step;
  const inverse = ones + step;
  const products = inverse + step;
  const factor = products + 128;
  memory.fill(target, 0, 2 * step);
  for (let k: i32 = 0; k < count; k++) {
    put(target, k, at(ascent, listed(list, k)));
    put(ones, k, 1.0);
  }
  factorize(kernel, size, list, count, factor, inverse, products);
  for (let panel: i32 = 0; panel < width; panel += 4) {
    solveLower(factor + doubles(panel * width), target, inverse, panel);
    solveLower(factor + doubles(panel * width), ones, inverse, panel);
  }
  let shared: f64 = 0.0;
  let squares: f64 = 0.0;
  for (let k: i32 = 0; k < count; k++) {
    shared += at(ones, k) * at(target, k);
    squares += at(ones, k) * at(ones, k);
  }
  const level = shared / squares;
  for (let k: i32 = 0; k < count; k++) put(target, k, at(target, k) - level * at(ones, k));
  for (let panel = width - 4; panel >= 0; panel -= 4) {
    turnBack(factor + doubles(panel * width), target, inverse, panel);
  }
  return take(kernel, size, list, target, count);
}

/**
 * The Cholesky factor of the kernel of the listed items, with the ridge: rows interleaved by fours into panels, as products
 * of rows take them. What a panel has above and behind the diagonal is not used.
 *
 * @param inverse - where one over each number on the diagonal goes
 * @param products - room for sixteen values
 */
export function factorize(
  kernel: usize,
  size: i32,
  list: usize,
  count: i32,
  factor: usize,
  inverse: usize,
  products: usize,
): void {
  const width = (count + 3) & ~3;
  let trace: f64 = 0.0;
  for (let k: i32 = 0; k < count; k++) {
    const i = listed(list, k);
    trace += load<f64>(kernel + ((<usize>i * <usize>(size + 1)) << 3));
  }
  const ridge = (RIDGE * trace) / <f64>count;
  for (let row: i32 = 0; row < width; row += 4) {
    const own = factor + doubles(row * width);
    for (let column: i32 = 0; column <= row; column += 4) {
      const other = factor + doubles(column * width);
      tile(other, own, column, products, 32, false);
      for (let l: i32 = 0; l < 4; l++) {
        const k = column + l;
        let upper = f64x2.sub(cells(kernel, size, list, count, row, k), v128.load(products + doubles(4 * l)));
        let lower = f64x2.sub(
          cells(kernel, size, list, count, row + 2, k),
          v128.load(products + doubles(4 * l), 16),
        );
        for (let m: i32 = 0; m < l; m++) {
          const by = v128.load64_splat(other + doubles(4 * (column + m) + l));
          const done = own + doubles(4 * (column + m));
          upper = f64x2.sub(upper, f64x2.mul(by, v128.load(done)));
          lower = f64x2.sub(lower, f64x2.mul(by, v128.load(done, 16)));
        }
        const place = own + doubles(4 * k);
        if (row === column) {
          v128.store(place, upper);
          v128.store(place, lower, 16);
          put(inverse, k, 1.0 / sqrt(max(at(place, l) + ridge, ridge)));
        }
        const by = v128.load64_splat(inverse + doubles(k));
        v128.store(place, f64x2.mul(upper, by));
        v128.store(place, f64x2.mul(lower, by), 16);
      }
    }
  }
}

/** The kernel of two listed items with a third, zero for those that fill the list up. */
@inline
function cells(kernel: usize, size: i32, list: usize, count: i32, row: i32, column: i32): v128 {
  if (column >= count) return f64x2.splat(0.0);
  const from = kernel + ((<usize>listed(list, column) * <usize>size) << 3);
  const first = row < count ? load<f64>(from + doubles(listed(list, row))) : 0.0;
  const second = row + 1 < count ? load<f64>(from + doubles(listed(list, row + 1))) : 0.0;
  return f64x2(first, second);
}

/** Solves L x = right side for the four rows of a panel, in place. */
export function solveLower(rows: usize, values: usize, inverse: usize, panel: i32): void {
  let upper = f64x2.splat(0.0);
  let lower = upper;
  for (let j: i32 = 0; j < panel; j++) {
    const by = v128.load64_splat(values + doubles(j));
    upper = f64x2.add(upper, f64x2.mul(by, v128.load(rows + doubles(4 * j))));
    lower = f64x2.add(lower, f64x2.mul(by, v128.load(rows + doubles(4 * j), 16)));
  }
  const own = values + doubles(panel);
  v128.store(own, f64x2.sub(v128.load(own), upper));
  v128.store(own, f64x2.sub(v128.load(own, 16), lower), 16);
  for (let l: i32 = 0; l < 4; l++) {
    let left = at(own, l);
    for (let m: i32 = 0; m < l; m++) left -= at(rows, 4 * (panel + m) + l) * at(own, m);
    put(own, l, left * at(inverse, panel + l));
  }
}

/** Solves Lᵀ x = right side for the four rows of a panel, in place, and takes them out of the right side of those before. */
export function turnBack(rows: usize, values: usize, inverse: usize, panel: i32): void {
  const own = values + doubles(panel);
  for (let l: i32 = 3; l >= 0; l--) {
    const value = at(own, l) * at(inverse, panel + l);
    put(own, l, value);
    for (let m: i32 = 0; m < l; m++) put(own, m, at(own, m) - value * at(rows, 4 * (panel + m) + l));
  }
  const upper = v128.load(own);
  const lower = v128.load(own, 16);
  for (let j: i32 = 0; j < panel; j++) {
    const here = rows + doubles(4 * j);
    const both = f64x2.add(f64x2.mul(v128.load(here), upper), f64x2.mul(v128.load(here, 16), lower));
    put(values, j, at(values, j) - (f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1)));
  }
}

/** Takes as much of a change as bounds allow, all of it at most, and brings `ascent` up to date. */
function take(kernel: usize, size: i32, list: usize, change: usize, count: i32): bool {
  // Rounding must not add up: yα sums to zero.
  let sum: f64 = 0.0;
  for (let k: i32 = 0; k < count; k++) sum += at(change, k);
  const mean = sum / <f64>count;
  let length: f64 = 1.0;
  let first: i32 = -1;
  for (let k: i32 = 0; k < count; k++) {
    const by = at(change, k) - mean;
    put(change, k, by);
    if (by === 0.0) continue;
    const i = listed(list, k);
    const room = (by > 0.0) === (at(signs, i) > 0.0) ? at(bounds, i) - at(alphas, i) : at(alphas, i);
    const part = room / abs(by);
    if (part < length) {
      length = part;
      first = k;
    }
  }
  for (let k: i32 = 0; k < count; k++) {
    const i = listed(list, k);
    const own = length * at(change, k);
    const bound = at(bounds, i);
    const isFirst = at(signs, i) > 0.0;
    if (k === first) put(alphas, i, (own > 0.0) === isFirst ? bound : 0.0);
    else put(alphas, i, min(bound, max(0.0, at(alphas, i) + at(signs, i) * own)));
    noteFreedom(i);
    const by = f64x2.splat(own);
    const row = kernel + ((<usize>i * <usize>size) << 3);
    for (let j: usize = 0; j < doubles(size); j += 16) {
      v128.store(ascent + j, f64x2.sub(v128.load(ascent + j), f64x2.mul(by, v128.load(row + j))));
    }
  }
  return first >= 0;
}
