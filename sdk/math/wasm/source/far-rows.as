// Scans of which many features are far from what a model expects of them.
import { doubles } from './float64';

/**
 * Finds the rows of which a quarter of some features, and two at least, are far from what is expected; NaN is not looked at.
 *
 * @param data - rows × width
 * @param some - the columns that are looked at, as i32
 * @param groups - the effects of each row, as i32
 * @param design - rows × columns
 * @param expected - (1 + columns) × count: means, then coefficients
 * @param effects - groups × count
 * @param limits - one per column that is looked at
 * @param found - 1 + rows, as i32: how many rows are far, then which
 */
export function farRows(
  data: usize,
  rows: i32,
  width: i32,
  some: usize,
  count: i32,
  groups: usize,
  design: usize,
  columns: i32,
  expected: usize,
  effects: usize,
  limits: usize,
  found: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const next = doubles(count);
  let many: i32 = 0;
  for (let row: i32 = 0; row < rows; row++) {
    const values = data + doubles(row * width);
    const own = design + doubles(row * columns);
    const effect = effects + <usize>load<i32>(groups + (<usize>row << 2)) * next;
    let seen: i32 = 0;
    let far: i32 = 0;
    for (let j: i32 = 0; j < count; j += 2) {
      const at = doubles(j);
      const both = j + 1 < count;
      const columnsAt = some + (<usize>j << 2);
      let rest = v128.load64_splat(values + doubles(load<i32>(columnsAt)));
      if (both) rest = v128.load64_lane(values + doubles(load<i32>(columnsAt, 4)), rest, 1);
      let slope = expected + at;
      rest = f64x2.sub(rest, v128.load(slope));
      for (let k: i32 = 0; k < columns; k++) {
        slope += next;
        rest = f64x2.sub(rest, f64x2.mul(v128.load64_splat(own + doubles(k)), v128.load(slope)));
      }
      const off = f64x2.abs(f64x2.sub(rest, v128.load(effect + at)));
      // Of an odd number of columns the last has none beside it.
      const lanes = both ? 3 : 1;
      seen += popcnt(v128.bitmask<i64>(f64x2.eq(rest, rest)) & lanes);
      far += popcnt(v128.bitmask<i64>(f64x2.gt(off, v128.load(limits + at))) & lanes);
      // Of nearly all rows so many columns are near that the others no longer count.
      if (4 * (seen - far) > 3 * count) break;
    }
    if (far < 2 || far * 4 < seen) continue;
    many++;
    store<i32>(found + (<usize>many << 2), row);
  }
  store<i32>(found, many);
}
