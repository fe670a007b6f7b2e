// Symmetric matrices made tridiagonal by Householder reflections (Golub & Van Loan 2013, "Matrix Computations", section
// 8.3.1), each in its place. Sums are in an order that plain JavaScript follows,
// which gives the same bits.
import { doubles } from './float64';

/**
 * Reduces matrices, each on its own; what is below their diagonals is not read. What is left of each: the diagonal of T; right below it what is beside the diagonal
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
 * One reflection after the other. Only the upper triangle is read, since the matrix is the same on both sides of its diagonal; and the
 * axis of the next reflection is in the first row that is left, so that the pass that applies one multiplies by the axis of the
 * next, too. A reflection that there is none of has an axis of zeros.
 */
function reduce(matrix: usize, size: i32, vectors: usize): void {
  let axis = vectors;
  let product = axis + doubles(size);
  let nextAxis = product + doubles(size);
  let nextProduct = nextAxis + doubles(size);
  memory.fill(axis, 0, 2 * doubles(size));
  let scale: f64 = 0.0;
  for (let at: i32 = 0; at + 1 < size; at++) {
    if (scale !== 0.0) {
      finishProduct(size, at, scale, axis, product);
      reflectRow(matrix, size, at, axis, product);
    }
    const next = beginReflection(matrix, size, at + 1, nextAxis);
    if (scale !== 0.0 || next !== 0.0) {
      reflectAndMultiply(matrix, size, at + 1, axis, product, nextAxis, nextProduct);
    } else memory.fill(nextProduct, 0, doubles(size));
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
  if (rest === 0.0) {
    memory.fill(axis + doubles(at), 0, doubles(size - at));
    return 0.0;
  }
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

/** Row i −= axis[i] · product + product[i] · axis, from its diagonal on. */
function reflectRow(matrix: usize, size: i32, i: i32, axis: usize, product: usize): void {
  const row = matrix + <usize>i * doubles(size);
  const a = load<f64>(axis + doubles(i));
  const p = load<f64>(product + doubles(i));
  let j = i;
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

@inline
function addTo(sums: usize, index: i32, value: f64): void {
  const place = sums + doubles(index);
  store<f64>(place, load<f64>(place) + value);
}

/**
 * {@link reflectRow} of all rows from `first` on, and nextProduct = matrix · nextAxis of what they become: each number above the diagonal
 * is read once for both, and counts for its row and for its column. Rows go by twos, from the two by two at their diagonal on; sums
 * along them are of every other number.
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
    const corner = reflectOne(row, i, a, p, axis, product);
    const beside = reflectOne(row, i + 1, a, p, axis, product);
    const end = reflectOne(below, i + 1, b, q, axis, product);
    addTo(nextProduct, i, weight * corner);
    addTo(nextProduct, i, other * beside);
    addTo(nextProduct, i + 1, weight * beside);
    addTo(nextProduct, i + 1, other * end);
    let sum = f64x2.splat(0.0);
    let sumBelow = f64x2.splat(0.0);
    let j = i + 2;
    for (; j + 2 <= size; j += 2) {
      const place = doubles(j);
      const along = v128.load(axis + place);
      const across = v128.load(product + place);
      const weights = v128.load(nextAxis + place);
      const own = reflected(row + place, a, p, along, across);
      const next = reflected(below + place, b, q, along, across);
      v128.store(row + place, own);
      v128.store(below + place, next);
      sum = f64x2.add(sum, f64x2.mul(own, weights));
      sumBelow = f64x2.add(sumBelow, f64x2.mul(next, weights));
      let column = v128.load(nextProduct + place);
      column = f64x2.add(column, f64x2.mul(f64x2.splat(weight), own));
      column = f64x2.add(column, f64x2.mul(f64x2.splat(other), next));
      v128.store(nextProduct + place, column);
    }
    let even = f64x2.extract_lane(sum, 0);
    let evenBelow = f64x2.extract_lane(sumBelow, 0);
    if (j < size) {
      const own = reflectOne(row, j, a, p, axis, product);
      const next = reflectOne(below, j, b, q, axis, product);
      addTo(nextProduct, j, weight * own);
      addTo(nextProduct, j, other * next);
      even += own * load<f64>(nextAxis + doubles(j));
      evenBelow += next * load<f64>(nextAxis + doubles(j));
    }
    addTo(nextProduct, i, even + f64x2.extract_lane(sum, 1));
    addTo(nextProduct, i + 1, evenBelow + f64x2.extract_lane(sumBelow, 1));
  }
  if (i < size) {
    const a = load<f64>(axis + doubles(i));
    const p = load<f64>(product + doubles(i));
    const corner = reflectOne(matrix + <usize>i * stride, i, a, p, axis, product);
    addTo(nextProduct, i, load<f64>(nextAxis + doubles(i)) * corner);
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
