import { doubles } from './float64';
import { gaussian, mirror, multiply } from './products';
import { solveDual } from './svm-dual';
import { classFilled, classSize, classStart, firstOf, machinesOf, ownBlock, secondOf } from './svm-layout';

/** The inner products and the Gaussians of the items of each class among themselves, and their squared lengths. */
export function ownBlocks(
  items: usize,
  width: i32,
  classes: usize,
  norms: usize,
  gamma: f64,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let c = from; c < to; c++) {
    const size = classFilled(classes, c);
    const start = classStart(classes, c);
    const rows = items + doubles(start * width);
    const block = ownBlock(classes, c);
    multiply(rows, size, rows, size, width, block, size, true);
    mirror(block, size);
    const own = norms + doubles(start);
    for (let i: i32 = 0; i < size; i++)
      store<f64>(own + doubles(i), load<f64>(block + ((<usize>i * <usize>(size + 1)) << 3)));
    // By four rows, on and below the diagonal alone.
    const gaussians = block + ((<usize>size * <usize>size) << 3);
    for (let row: i32 = 0; row < size; row += 4) {
      const start = (<usize>row * <usize>size) << 3;
      gaussian(block + start, gaussians + start, 4, row + 4, size, own + doubles(row), own, gamma);
    }
    mirror(gaussians, size);
  }
}

/**
 * Trains the two machines of each pair of classes.
 *
 * @param costs - for each pair the bound of the weights of its first class, and of its second
 */
export function solvePairs(
  items: usize,
  width: i32,
  classes: usize,
  pairs: usize,
  norms: usize,
  costs: usize,
  gamma: f64,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let pair = from; pair < to; pair++) {
    const a = firstOf(pairs, pair);
    const b = secondOf(pairs, pair);
    const m = classFilled(classes, a);
    const n = classFilled(classes, b);
    const size = m + n;
    const kernel = scratch;
    const state = scratch + ((<usize>size * <usize>size) << 3);
    const firsts = items + doubles(classStart(classes, a) * width);
    const seconds = items + doubles(classStart(classes, b) * width);
    // Below the diagonal: the second class with the first.
    const cross = kernel + ((<usize>m * <usize>size) << 3);
    const machine = machinesOf(pairs, pair);
    const bounds = costs + doubles(2 * pair);
    multiply(seconds, n, firsts, m, width, cross, size, false);
    for (let kind: i32 = 0; kind < 2; kind++) {
      if (kind === 1) {
        const own = norms + doubles(classStart(classes, b));
        gaussian(cross, cross, n, m, size, own, norms + doubles(classStart(classes, a)), gamma);
      }
      const first = ownBlock(classes, a) + ((<usize>kind * <usize>m * <usize>m) << 3);
      const second = ownBlock(classes, b) + ((<usize>kind * <usize>n * <usize>n) << 3);
      putOwn(kernel, size, first, m, second, n);
      turnOver(kernel, size, m);
      const made = machine + doubles(kind * (size + 1));
      const values = kind === 0 ? width : 0;
      const inFirst = classSize(classes, a);
      const inSecond = classSize(classes, b);
      solveDual(kernel, size, inFirst, m, inSecond, firsts, seconds, values, bounds, state, made);
    }
  }
}

/** Puts what two classes have among themselves on the diagonal of what they have together. */
function putOwn(kernel: usize, size: i32, first: usize, m: i32, second: usize, n: i32): void {
  for (let i: i32 = 0; i < m; i++) {
    memory.copy(kernel + ((<usize>i * <usize>size) << 3), first + ((<usize>i * <usize>m) << 3), doubles(m));
  }
  for (let i: i32 = 0; i < n; i++) {
    const row = kernel + ((<usize>(m + i) * <usize>size + <usize>m) << 3);
    memory.copy(row, second + ((<usize>i * <usize>n) << 3), doubles(n));
  }
}

/** Copies the second class with the first to where the first is with the second. */
function turnOver(kernel: usize, size: i32, m: i32): void {
  for (let i = m; i < size; i++) {
    for (let j: i32 = 0; j < m; j++) {
      const value = load<f64>(kernel + ((<usize>i * <usize>size + <usize>j) << 3));
      store<f64>(kernel + ((<usize>j * <usize>size + <usize>i) << 3), value);
    }
  }
}
