// What ComBat leaves of features, in the units that CovBat takes components of.
//
// Features are side by side as in site-regression.as, and a strip of 32 of them is one unit: over all rows, so that sums have their
// terms in the same order as in plain JavaScript.
import { doubles } from './float64';

const STRIP: i32 = 32;

/** What units are: known before; the standard deviation of what is left; or 1 about its mean. */
const KNOWN: i32 = 0;
const BY_SPREAD: i32 = 1;

/**
 * Takes away what is expected, then centers and scales, in place: ((value − fit) − center) / scale, where fit is the grand mean
 * and design × coefficients. What is not a number becomes 0, and is counted. Values that ComBat did not correct before are
 * corrected on the way, as `putBack` does.
 *
 * @param design - rows × columns; a 0 in it stands for an effect that does not concern the row
 * @param expected - (1 + columns) × stride: the grand mean, then the coefficients
 * @param groups - the correction of each row, as i32, −1 for none; or 0, where all values are as ComBat left them
 * @param corrections - (2 × groups) × stride: the shift and the factor of each group
 * @param harmonized - one per feature: 1 for one that is corrected, else 0
 * @param units - 2 × stride: centers and scales; where they are to be found, zeros before
 * @param gaps - one per feature, zeros before
 * @param learn - 0 where units are known, 1 where features are scaled by their standard deviation, 2 where they are centered
 */
export function standardizeLeftovers(
  data: usize,
  rows: i32,
  width: i32,
  design: usize,
  columns: i32,
  expected: usize,
  groups: usize,
  corrections: usize,
  harmonized: usize,
  units: usize,
  gaps: usize,
  learn: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const stride = (width + 1) & ~1;
  for (let unit = from; unit < to; unit++) {
    const first = unit * STRIP;
    const last = min(first + STRIP, width);
    for (let row: i32 = 0; row < rows; row++) {
      const values = data + ((<usize>row * <usize>width) << 3);
      const own = design + doubles(row * columns);
      const group = groups == 0 ? -1 : load<i32>(groups + (<usize>row << 2));
      const correction = group < 0 ? 0 : corrections + doubles(2 * group * stride);
      let w = first;
      for (; w + 4 <= last; w += 4) {
        const at = doubles(w);
        const more = at + 16;
        // Two at a time: what is expected of both waits for the same numbers of the design.
        let slope = expected + at;
        let fit = v128.load(slope);
        let next = v128.load(slope, 16);
        for (let k: i32 = 0; k < columns; k++) {
          slope += doubles(stride);
          const x = load<f64>(own + doubles(k));
          if (x == 0.0) continue;
          fit = f64x2.add(fit, f64x2.mul(f64x2.splat(x), v128.load(slope)));
          next = f64x2.add(next, f64x2.mul(f64x2.splat(x), v128.load(slope, 16)));
        }
        const a = beyond(v128.load(values + at), fit, correction, stride, harmonized, at);
        const b = beyond(v128.load(values + more), next, correction, stride, harmonized, more);
        v128.store(values + at, taken(a, units, stride, gaps, at, learn));
        v128.store(values + more, taken(b, units, stride, gaps, more, learn));
      }
      for (; w < last; w += 2) {
        const at = doubles(w);
        let slope = expected + at;
        let fit = v128.load(slope);
        for (let k: i32 = 0; k < columns; k++) {
          slope += doubles(stride);
          const x = load<f64>(own + doubles(k));
          if (x != 0.0) fit = f64x2.add(fit, f64x2.mul(f64x2.splat(x), v128.load(slope)));
        }
        const rest = beyond(v128.load(values + at), fit, correction, stride, harmonized, at);
        put(values + at, taken(rest, units, stride, gaps, at, learn), w + 1 < width);
      }
    }
    if (learn == KNOWN) continue;
    for (let w = first; w < last; w += 2) {
      const center = units + doubles(w);
      const present = f64x2.sub(f64x2.splat(<f64>rows), v128.load(gaps + doubles(w)));
      v128.store(center, f64x2.div(v128.load(center), present));
    }
    addSquares(data, rows, width, units, stride, first, last);
    for (let w = first; w < last; w += 2) {
      const scale = units + doubles(stride + w);
      const present = f64x2.sub(f64x2.splat(<f64>rows), v128.load(gaps + doubles(w)));
      const spread = f64x2.sqrt(f64x2.div(v128.load(scale), f64x2.sub(present, f64x2.splat(1.0))));
      // Nothing is left of a feature that was passed through, or has one value: it takes no part.
      const there = f64x2.gt(spread, f64x2.splat(0.0));
      const own = learn == BY_SPREAD ? spread : f64x2.splat(1.0);
      v128.store(scale, v128.bitselect(own, f64x2.splat(NaN), there));
    }
    for (let row: i32 = 0; row < rows; row++) {
      const values = data + ((<usize>row * <usize>width) << 3);
      for (let w = first; w < last; w += 2) {
        const at = doubles(w);
        put(values + at, scaled(v128.load(values + at), units, stride, at), w + 1 < width);
      }
    }
  }
}

/** Centers and scales; what is not a number becomes 0. */
@inline
function scaled(rest: v128, units: usize, stride: i32, at: usize): v128 {
  const z = f64x2.div(f64x2.sub(rest, v128.load(units + at)), v128.load(units + doubles(stride) + at));
  return v128.and(z, f64x2.eq(z, z));
}

/** Of an odd number of features the last has none beside it. */
@inline
function put(address: usize, values: v128, both: bool): void {
  if (both) v128.store(address, values);
  else v128.store64_lane(address, values, 0);
}

/**
 * What values have beyond what is expected of them.
 *
 * @param correction - the shifts and factors of their group, each of `stride` values; 0 for none
 */
@inline
function beyond(value: v128, fit: v128, correction: usize, stride: i32, harmonized: usize, at: usize): v128 {
  let whole = value;
  if (correction != 0) {
    const rest = f64x2.sub(f64x2.sub(value, fit), v128.load(correction + at));
    const moved = f64x2.add(f64x2.mul(rest, v128.load(correction + doubles(stride) + at)), fit);
    whole = v128.bitselect(moved, value, f64x2.ne(v128.load(harmonized + at), f64x2.splat(0.0)));
  }
  return f64x2.sub(whole, fit);
}

/** Counts what is missing, and centers and scales where units are known, else adds up what is there. @returns what is to be stored */
@inline
function taken(rest: v128, units: usize, stride: i32, gaps: usize, at: usize, learn: i32): v128 {
  const there = f64x2.eq(rest, rest);
  if (v128.bitmask<i64>(there) != 3) {
    const gap = v128.and(v128.not(there), f64x2.splat(1.0));
    v128.store(gaps + at, f64x2.add(v128.load(gaps + at), gap));
  }
  if (learn == KNOWN) return scaled(rest, units, stride, at);
  v128.store(units + at, f64x2.add(v128.load(units + at), v128.and(rest, there)));
  return rest;
}

/** Sums of squares about the centers, which are where the scales will be. */
function addSquares(data: usize, rows: i32, width: i32, units: usize, stride: i32, first: i32, last: i32): void {
  for (let row: i32 = 0; row < rows; row++) {
    const values = data + ((<usize>row * <usize>width) << 3);
    for (let w = first; w < last; w += 2) {
      const at = doubles(w);
      const off = f64x2.sub(v128.load(values + at), v128.load(units + at));
      const squares = units + doubles(stride) + at;
      const square = v128.and(f64x2.mul(off, off), f64x2.eq(off, off));
      v128.store(squares, f64x2.add(v128.load(squares), square));
    }
  }
}

/**
 * Moves features: value + moved × unit; a value that does not move keeps its bits. Eight rows are one unit of work.
 *
 * @param data - rows × width
 * @param moved - rows × width
 * @param units - one per feature
 */
export function moveFeatures(
  data: usize,
  rows: i32,
  width: i32,
  moved: usize,
  units: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let row = 8 * from; row < min(8 * to, rows); row++) {
    const start = (<usize>row * <usize>width) << 3;
    for (let w: i32 = 0; w < width; w += 2) {
      const at = start + doubles(w);
      const value = v128.load(data + at);
      const by = v128.load(moved + at);
      const there = f64x2.add(value, f64x2.mul(by, v128.load(units + doubles(w))));
      const moves = f64x2.ne(by, f64x2.splat(0.0));
      put(data + at, v128.bitselect(there, value, moves), w + 1 < width);
    }
  }
}
