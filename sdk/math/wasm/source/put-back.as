// What ComBat does to every cell of a table when its corrections are put back; how tables are in memory, and divided into units of
// work, is said in site-regression.as.
import { doubles } from './float64';
import { addTo, ones, STRIP } from './site-regression';

/**
 * Puts features back without the effects of sites, in place: (value − fit − shift) × factor + fit, where fit is the grand mean
 * and design × coefficients. Cells that are NaN, rows without a group and features that are not corrected stay as they are,
 * bit for bit. Counts are added to what is there.
 *
 * @param groups - the correction of each row, as i32; −1 for none
 * @param design - rows × columns
 * @param expected - (1 + columns) × stride: the grand mean, then the coefficients
 * @param corrections - (2 × groups) × stride: the shift and the factor of each group
 * @param features - 2 × stride: 1 for features that are corrected, else 0; how large a residual may be, NaN where the first is 0
 * @param tallies - (2 × groups) × stride: of each group the sums of residuals, and how many cells stayed as they were
 * @param counts - 4 × stride: residuals that are too large, values below 0 before, and after, and cells of groups that stayed as
 * they were
 * @param lost - one per group: cells that became NaN, as f64, of each unit in a row of its own of `rowOfLost` values
 */
export function putBack(
  data: usize,
  rows: i32,
  width: i32,
  groups: usize,
  design: usize,
  columns: i32,
  expected: usize,
  corrections: usize,
  features: usize,
  tallies: usize,
  counts: usize,
  lost: usize,
  rowOfLost: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const next = doubles((width + 1) & ~1);
  for (let unit = from; unit < to; unit++) {
    const first = unit * STRIP;
    const last = min(first + STRIP, width);
    for (let row: i32 = 0; row < rows; row++) {
      const values = data + ((<usize>row * <usize>width) << 3);
      const group = load<i32>(groups + (<usize>row << 2));
      if (group < 0) {
        for (let w = first; w < last; w += 2) {
          const value = v128.load(values + doubles(w));
          countBelow(counts + next + doubles(w), next, value, value);
        }
        continue;
      }
      const own = design + doubles(row * columns);
      const ofGroup = 2 * <usize>group * next;
      const cell = lost + doubles(unit * rowOfLost + group);
      let w = first;
      // Four features at a time, which share what is read of the row.
      for (; w + 4 <= last; w += 4) {
        const at = doubles(w);
        const value = v128.load(values + at);
        const value2 = v128.load(values + at, 16);
        let slope = expected + at;
        let fit = v128.load(slope);
        let fit2 = v128.load(slope, 16);
        for (let k: i32 = 0; k < columns; k++) {
          slope += next;
          const x = v128.load64_splat(own + doubles(k));
          fit = f64x2.add(fit, f64x2.mul(x, v128.load(slope)));
          fit2 = f64x2.add(fit2, f64x2.mul(x, v128.load(slope, 16)));
        }
        const rest = f64x2.sub(value, fit);
        const rest2 = f64x2.sub(value2, fit2);
        const shift = corrections + ofGroup + at;
        const factor = shift + next;
        const out = f64x2.add(f64x2.mul(f64x2.sub(rest, v128.load(shift)), v128.load(factor)), fit);
        const out2 = f64x2.add(f64x2.mul(f64x2.sub(rest2, v128.load(shift, 16)), v128.load(factor, 16)), fit2);
        const limits = features + next + at;
        const usual = v128.and(
          isUsual(rest, out, v128.load(limits)),
          isUsual(rest2, out2, v128.load(limits, 16)),
        );
        if (v128.bitmask<i64>(usual) == 3) {
          const tally = tallies + ofGroup + at;
          addTo(tally, rest);
          addTo(tally + 16, rest2);
          v128.store(values + at, out);
          v128.store(values + at, out2, 16);
          if (v128.bitmask<i64>(v128.or(v128.or(value, value2), v128.or(out, out2))) != 0) {
            countBelow(counts + next + at, next, value, out);
            countBelow(counts + next + at + 16, next, value2, out2);
          }
        } else {
          putBackTwo(values, w, width, own, columns, expected, corrections + ofGroup, features, tallies + ofGroup, counts, cell);
          putBackTwo(values, w + 2, width, own, columns, expected, corrections + ofGroup, features, tallies + ofGroup, counts, cell);
        }
      }
      for (; w < last; w += 2)
        putBackTwo(values, w, width, own, columns, expected, corrections + ofGroup, features, tallies + ofGroup, counts, cell);
    }
  }
}

/** Whether cells are like nearly all are: there, to be corrected, near what was expected, and not NaN after. */
@inline
function isUsual(rest: v128, out: v128, limit: v128): v128 {
  return v128.and(f64x2.le(f64x2.abs(rest), limit), f64x2.eq(out, out));
}

/** Two features of a row, whatever they are, with all that is counted of them; a call, since it is seldom needed. */
@noinline
function putBackTwo(
  values: usize,
  w: i32,
  width: i32,
  own: usize,
  columns: i32,
  expected: usize,
  correction: usize,
  features: usize,
  tally: usize,
  counts: usize,
  lost: usize,
): void {
  const next = doubles((width + 1) & ~1);
  const at = doubles(w);
  const value = v128.load(values + at);
  let slope = expected + at;
  let fit = v128.load(slope);
  for (let k: i32 = 0; k < columns; k++) {
    slope += next;
    fit = f64x2.add(fit, f64x2.mul(v128.load64_splat(own + doubles(k)), v128.load(slope)));
  }
  const rest = f64x2.sub(value, fit);
  const shift = v128.load(correction + at);
  const moved = f64x2.add(f64x2.mul(f64x2.sub(rest, shift), v128.load(correction + next + at)), fit);
  const corrected = v128.and(
    f64x2.eq(value, value),
    f64x2.ne(v128.load(features + at), f64x2.splat(0.0)),
  );
  const out = v128.bitselect(moved, value, corrected);
  addTo(tally + at, v128.and(rest, corrected));
  addTo(tally + next + at, ones(v128.not(corrected)));
  const far = f64x2.gt(f64x2.abs(rest), v128.load(features + next + at));
  addTo(counts + at, ones(v128.and(far, corrected)));
  countBelow(counts + next + at, next, value, out);
  addTo(counts + 3 * next + at, ones(v128.not(corrected)));
  const gone = ones(v128.and(corrected, f64x2.ne(moved, moved)));
  // Of an odd number of features the last has none beside it.
  const beside = w + 1 < width ? f64x2.extract_lane(gone, 1) : 0.0;
  store<f64>(lost, load<f64>(lost) + f64x2.extract_lane(gone, 0) + beside);
  if (w + 1 < width) v128.store(values + at, out);
  else v128.store64_lane(values + at, out, 0);
}

/** Counts values below 0: before, and, a row further on, after. */
@inline
function countBelow(counts: usize, next: usize, before: v128, after: v128): void {
  const zero = f64x2.splat(0.0);
  addTo(counts, ones(f64x2.lt(before, zero)));
  addTo(counts + next, ones(f64x2.lt(after, zero)));
}
