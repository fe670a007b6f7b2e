// Symmetric matrices made tridiagonal by Householder reflections (Golub & Van Loan 2013, "Matrix Computations", section
// 8.3.1), each in its place. Sums over items go row by row or from the first item on, so that plain JavaScript gives the
// same bits.
import { doubles } from './float64';

/**
 * Reduces matrices, each on its own. What is left of each: the diagonal of T; right below it what is beside the diagonal
 * of T; right of it, in the row before, the axis of each reflection; and two below the diagonal its scale, 0 for none.
 *
 * @param records - for each matrix its address and its size, as whole numbers
 * @param scratch - room for two vectors
 */
export function tridiagonalize(records: usize, from: i32, to: i32, scratch: usize): void {
  for (let unit = from; unit < to; unit++) {
    const record = records + (<usize>unit << 3);
    const size = load<i32>(record, 4);
    reduce(<usize>load<u32>(record), size, scratch, scratch + doubles(size));
  }
}

function reduce(matrix: usize, size: i32, axis: usize, product: usize): void {
  const stride = doubles(size);
  for (let at: i32 = 1; at < size; at++) {
    const column = matrix + doubles(at - 1);
    const first = load<f64>(column + <usize>at * stride);
    let rest: f64 = 0.0;
    for (let i = at + 1; i < size; i++) {
      const value = load<f64>(column + <usize>i * stride);
      store<f64>(axis + doubles(i), value);
      rest += value * value;
    }
    const length = Math.sqrt(first * first + rest);
    const beside = rest === 0.0 ? first : first > 0.0 ? -length : length;
    const start = first - beside;
    const scale: f64 = rest === 0.0 ? 0.0 : 2.0 / (start * start + rest);
    store<f64>(column + <usize>at * stride, beside);
    if (at + 1 < size) store<f64>(column + <usize>(at + 1) * stride, scale);
    if (rest === 0.0) continue;
    store<f64>(axis + doubles(at), start);
    memory.copy(matrix + <usize>(at - 1) * stride + doubles(at), axis + doubles(at), doubles(size - at));
    timesAxis(matrix, size, at, axis, product);
    let along: f64 = 0.0;
    for (let i = at; i < size; i++) along += load<f64>(product + doubles(i)) * load<f64>(axis + doubles(i));
    const shift = (scale * scale * along) / 2.0;
    for (let i = at; i < size; i++) {
      const own = scale * load<f64>(product + doubles(i)) - shift * load<f64>(axis + doubles(i));
      store<f64>(product + doubles(i), own);
    }
    for (let i = at; i < size; i++) reflectRow(matrix + <usize>i * stride, size, at, axis, product, i);
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

/** row −= axis[i] · product + product[i] · axis, among the items from `at` on. */
function reflectRow(row: usize, size: i32, at: i32, axis: usize, product: usize, i: i32): void {
  const a = load<f64>(axis + doubles(i));
  const p = load<f64>(product + doubles(i));
  const va = f64x2.splat(a);
  const vp = f64x2.splat(p);
  let j = at;
  for (; j + 2 <= size; j += 2) {
    const place = doubles(j);
    const change = f64x2.add(
      f64x2.mul(va, v128.load(product + place)),
      f64x2.mul(vp, v128.load(axis + place)),
    );
    v128.store(row + place, f64x2.sub(v128.load(row + place), change));
  }
  if (j < size) {
    const place = doubles(j);
    const change = a * load<f64>(product + place) + p * load<f64>(axis + place);
    store<f64>(row + place, load<f64>(row + place) - change);
  }
}

/**
 * Turns rows back by the reflections of a reduced matrix, the last of them first, in place: four rows, interleaved, are one unit.
 *
 * @param panels - rows by fours: the first values of four rows, the second ones, and so on
 * @param reduced - as tridiagonalize left it
 */
export function turnPanels(panels: usize, size: i32, reduced: usize, from: i32, to: i32, scratch: usize): void {
  const stride = doubles(size);
  for (let unit = from; unit < to; unit++) {
    const panel = panels + 4 * <usize>unit * stride;
    for (let at = size - 2; at > 0; at--) {
      const scale = load<f64>(reduced + <usize>(at + 1) * stride + doubles(at - 1));
      if (scale === 0.0) continue;
      const axis = reduced + <usize>(at - 1) * stride + doubles(at);
      const end = axis + doubles(size - at);
      const first = panel + 4 * doubles(at);
      let p = f64x2.splat(0.0);
      let q = f64x2.splat(0.0);
      let row = first;
      for (let own = axis; own < end; own += 8) {
        const weight = v128.load64_splat(own);
        p = f64x2.add(p, f64x2.mul(weight, v128.load(row)));
        q = f64x2.add(q, f64x2.mul(weight, v128.load(row, 16)));
        row += 32;
      }
      p = f64x2.mul(p, f64x2.splat(scale));
      q = f64x2.mul(q, f64x2.splat(scale));
      row = first;
      for (let own = axis; own < end; own += 8) {
        const weight = v128.load64_splat(own);
        v128.store(row, f64x2.sub(v128.load(row), f64x2.mul(p, weight)));
        v128.store(row, f64x2.sub(v128.load(row, 16), f64x2.mul(q, weight)), 16);
        row += 32;
      }
    }
  }
}
