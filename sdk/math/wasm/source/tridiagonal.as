// Symmetric matrices made tridiagonal by Householder reflections (Golub & Van Loan 2013, "Matrix Computations", section
// 8.3.1), each in its place. Sums over items go row by row or from the first item on, so that plain JavaScript gives the
// same bits.
import { doubles } from './float64';

/**
 * Reduces matrices, each on its own; both triangles are to be the same. What is left of each: the diagonal of T; right below it what is beside the diagonal
 * of T; right of it, in the row before, the axis of each reflection; and two below the diagonal its scale, 0 for none.
 *
 * @param records - for each matrix its address and its size, as whole numbers
 * @param scratch - room for four vectors
 */
export function tridiagonalize(records: usize, from: i32, to: i32, scratch: usize): void {
  for (let unit = from; unit < to; unit++) {
    const record = records + (<usize>unit << 3);
    const size = load<i32>(record, 4);
    reduce(<usize>load<u32>(record), size, scratch);
  }
}

/**
 * One reflection after the other. The matrix is the same on both sides of its diagonal, so that the axis of the next is in the
 * first row that is left: the pass that applies one reflection multiplies by the axis of the next, too.
 */
function reduce(matrix: usize, size: i32, vectors: usize): void {
  if (size < 2) return;
  let axis = vectors;
  let product = axis + doubles(size);
  let nextAxis = product + doubles(size);
  let nextProduct = nextAxis + doubles(size);
  let scale = beginReflection(matrix, size, 1, axis);
  if (scale !== 0.0) timesAxis(matrix, size, 1, axis, product);
  for (let at: i32 = 1; at + 1 < size; at++) {
    if (scale !== 0.0) {
      finishProduct(size, at, scale, axis, product);
      reflectRow(matrix, size, at, at, axis, product);
    }
    const next = beginReflection(matrix, size, at + 1, nextAxis);
    if (scale !== 0.0 && next !== 0.0) {
      reflectAndMultiply(matrix, size, at + 1, axis, product, nextAxis, nextProduct);
    } else if (scale !== 0.0) {
      for (let i = at + 1; i < size; i++) reflectRow(matrix, size, i, at + 1, axis, product);
    } else if (next !== 0.0) timesAxis(matrix, size, at + 1, nextAxis, nextProduct);
    const ownAxis = axis;
    const ownProduct = product;
    axis = nextAxis;
    product = nextProduct;
    nextAxis = ownAxis;
    nextProduct = ownProduct;
    scale = next;
  }
}

/**
 * Finds the axis that takes away what row at − 1 has beyond item `at`, and writes down what is kept of the reflection.
 *
 * @returns its scale: 0 where there is nothing to take away
 */
function beginReflection(matrix: usize, size: i32, at: i32, axis: usize): f64 {
  const stride = doubles(size);
  const row = matrix + <usize>(at - 1) * stride;
  const first = load<f64>(row + doubles(at));
  let rest: f64 = 0.0;
  for (let i = at + 1; i < size; i++) {
    const value = load<f64>(row + doubles(i));
    store<f64>(axis + doubles(i), value);
    rest += value * value;
  }
  const length = Math.sqrt(first * first + rest);
  const beside = rest === 0.0 ? first : first > 0.0 ? -length : length;
  const start = first - beside;
  const scale: f64 = rest === 0.0 ? 0.0 : 2.0 / (start * start + rest);
  const column = matrix + doubles(at - 1);
  store<f64>(column + <usize>at * stride, beside);
  if (at + 1 < size) store<f64>(column + <usize>(at + 1) * stride, scale);
  if (rest === 0.0) return 0.0;
  store<f64>(axis + doubles(at), start);
  memory.copy(row + doubles(at), axis + doubles(at), doubles(size - at));
  return scale;
}

/** What a reflection takes away: a · productᵀ + product · aᵀ, of the axis a. */
function finishProduct(size: i32, at: i32, scale: f64, axis: usize, product: usize): void {
  let along: f64 = 0.0;
  for (let i = at; i < size; i++) along += load<f64>(product + doubles(i)) * load<f64>(axis + doubles(i));
  const shift = (scale * scale * along) / 2.0;
  for (let i = at; i < size; i++) {
    const own = scale * load<f64>(product + doubles(i)) - shift * load<f64>(axis + doubles(i));
    store<f64>(product + doubles(i), own);
  }
}

/** product = matrix · axis, among the items from `at` on: rows times their entries, added up four rows at a time. */
function timesAxis(matrix: usize, size: i32, at: i32, axis: usize, product: usize): void {
  const stride = doubles(size);
  memory.fill(product + doubles(at), 0, doubles(size - at));
  let i = at;
  for (; i + 4 <= size; i += 4) {
    const a = matrix + <usize>i * stride;
    const wa = load<f64>(axis + doubles(i));
    const wb = load<f64>(axis + doubles(i), 8);
    const wc = load<f64>(axis + doubles(i), 16);
    const wd = load<f64>(axis + doubles(i), 24);
    const va = f64x2.splat(wa);
    const vb = f64x2.splat(wb);
    const vc = f64x2.splat(wc);
    const vd = f64x2.splat(wd);
    let j = at;
    for (; j + 2 <= size; j += 2) {
      const place = doubles(j);
      let sum = v128.load(product + place);
      sum = f64x2.add(sum, f64x2.mul(va, v128.load(a + place)));
      sum = f64x2.add(sum, f64x2.mul(vb, v128.load(a + stride + place)));
      sum = f64x2.add(sum, f64x2.mul(vc, v128.load(a + 2 * stride + place)));
      sum = f64x2.add(sum, f64x2.mul(vd, v128.load(a + 3 * stride + place)));
      v128.store(product + place, sum);
    }
    if (j < size) {
      const place = doubles(j);
      let sum = load<f64>(product + place);
      sum += wa * load<f64>(a + place);
      sum += wb * load<f64>(a + stride + place);
      sum += wc * load<f64>(a + 2 * stride + place);
      sum += wd * load<f64>(a + 3 * stride + place);
      store<f64>(product + place, sum);
    }
  }
  for (; i < size; i++) {
    const row = matrix + <usize>i * stride;
    const weight = load<f64>(axis + doubles(i));
    for (let j = at; j < size; j++) {
      const place = doubles(j);
      store<f64>(product + place, load<f64>(product + place) + weight * load<f64>(row + place));
    }
  }
}

/** Row i −= axis[i] · product + product[i] · axis, among the items from `first` on. */
function reflectRow(matrix: usize, size: i32, i: i32, first: i32, axis: usize, product: usize): void {
  const row = matrix + <usize>i * doubles(size);
  const a = load<f64>(axis + doubles(i));
  const p = load<f64>(product + doubles(i));
  let j = first;
  for (; j + 2 <= size; j += 2) {
    const place = doubles(j);
    v128.store(row + place, reflected(row + place, a, p, v128.load(axis + place), v128.load(product + place)));
  }
  if (j < size) reflectOne(row, j, a, p, axis, product);
}

@inline
function reflected(place: usize, a: f64, p: f64, axis: v128, product: v128): v128 {
  const change = f64x2.add(f64x2.mul(f64x2.splat(a), product), f64x2.mul(f64x2.splat(p), axis));
  return f64x2.sub(v128.load(place), change);
}

/** @returns what is there afterwards */
@inline
function reflectOne(row: usize, j: i32, a: f64, p: f64, axis: usize, product: usize): f64 {
  const place = doubles(j);
  const change = a * load<f64>(product + place) + p * load<f64>(axis + place);
  const value = load<f64>(row + place) - change;
  store<f64>(row + place, value);
  return value;
}

/**
 * {@link reflectRow} of all rows from `first` on, and {@link timesAxis} of what they become: each number is read once for both.
 */
function reflectAndMultiply(
  matrix: usize,
  size: i32,
  first: i32,
  axis: usize,
  product: usize,
  nextAxis: usize,
  nextProduct: usize,
): void {
  const stride = doubles(size);
  memory.fill(nextProduct + doubles(first), 0, doubles(size - first));
  let i = first;
  for (; i + 2 <= size; i += 2) {
    const row = matrix + <usize>i * stride;
    const below = row + stride;
    const a = load<f64>(axis + doubles(i));
    const b = load<f64>(axis + doubles(i), 8);
    const p = load<f64>(product + doubles(i));
    const q = load<f64>(product + doubles(i), 8);
    const weight = load<f64>(nextAxis + doubles(i));
    const other = load<f64>(nextAxis + doubles(i), 8);
    let j = first;
    for (; j + 2 <= size; j += 2) {
      const place = doubles(j);
      const along = v128.load(axis + place);
      const across = v128.load(product + place);
      const own = reflected(row + place, a, p, along, across);
      const next = reflected(below + place, b, q, along, across);
      v128.store(row + place, own);
      v128.store(below + place, next);
      let sum = v128.load(nextProduct + place);
      sum = f64x2.add(sum, f64x2.mul(f64x2.splat(weight), own));
      sum = f64x2.add(sum, f64x2.mul(f64x2.splat(other), next));
      v128.store(nextProduct + place, sum);
    }
    if (j < size) {
      const place = doubles(j);
      let sum = load<f64>(nextProduct + place);
      sum += weight * reflectOne(row, j, a, p, axis, product);
      sum += other * reflectOne(below, j, b, q, axis, product);
      store<f64>(nextProduct + place, sum);
    }
  }
  if (i < size) {
    reflectRow(matrix, size, i, first, axis, product);
    const row = matrix + <usize>i * stride;
    const weight = load<f64>(nextAxis + doubles(i));
    for (let j = first; j < size; j++) {
      const place = doubles(j);
      store<f64>(nextProduct + place, load<f64>(nextProduct + place) + weight * load<f64>(row + place));
    }
  }
}

/**
 * Turns rows back by the reflections of a reduced matrix, the last of them first, in place: four rows, interleaved, are a panel,
 * and two panels are one unit, so that one sum need not wait for the addition of another.
 *
 * @param panels - an even number of them: the first values of four rows, the second ones, and so on
 * @param reduced - as tridiagonalize left it
 */
export function turnPanels(panels: usize, size: i32, reduced: usize, from: i32, to: i32, scratch: usize): void {
  const stride = doubles(size);
  for (let unit = from; unit < to; unit++) {
    const panel = panels + 8 * <usize>unit * stride;
    for (let at = size - 2; at > 0; at--) {
      const scale = load<f64>(reduced + <usize>(at + 1) * stride + doubles(at - 1));
      if (scale === 0.0) continue;
      const axis = reduced + <usize>(at - 1) * stride + doubles(at);
      turnPanelPair(panel + 4 * doubles(at), 4 * stride, axis, axis + doubles(size - at), scale);
    }
  }
}

/** Reflects two panels, `apart` bytes from each other: 1 − scale · axis · axisᵀ. */
function turnPanelPair(first: usize, apart: usize, axis: usize, end: usize, scale: f64): void {
  let p = f64x2.splat(0.0);
  let q = f64x2.splat(0.0);
  let r = f64x2.splat(0.0);
  let s = f64x2.splat(0.0);
  let row = first;
  for (let own = axis; own < end; own += 8) {
    const weight = v128.load64_splat(own);
    p = f64x2.add(p, f64x2.mul(weight, v128.load(row)));
    q = f64x2.add(q, f64x2.mul(weight, v128.load(row, 16)));
    r = f64x2.add(r, f64x2.mul(weight, v128.load(row + apart)));
    s = f64x2.add(s, f64x2.mul(weight, v128.load(row + apart, 16)));
    row += 32;
  }
  p = f64x2.mul(p, f64x2.splat(scale));
  q = f64x2.mul(q, f64x2.splat(scale));
  r = f64x2.mul(r, f64x2.splat(scale));
  s = f64x2.mul(s, f64x2.splat(scale));
  row = first;
  for (let own = axis; own < end; own += 8) {
    const weight = v128.load64_splat(own);
    takeFrom(row, p, weight);
    takeFrom(row + 16, q, weight);
    takeFrom(row + apart, r, weight);
    takeFrom(row + apart + 16, s, weight);
    row += 32;
  }
}

@inline
function takeFrom(place: usize, along: v128, weight: v128): void {
  v128.store(place, f64x2.sub(v128.load(place), f64x2.mul(along, weight)));
}
