// Scans of which many features are far from what a model expects of them.
import { doubles } from './float64';

/**
 * Marks the rows of which a quarter of some features, and two at least, are far from what is expected; NaN is not looked at.
 *
 * @param data - rows × width
 * @param some - the columns that are looked at, as i32
 * @param groups - the effects of each row, as i32
 * @param design - rows × columns
 * @param expected - (1 + columns) × count: means, then coefficients
 * @param effects - groups × count
 * @param limits - one per column that is looked at
 * @param marks - one i32 per row: 1 where it is far, else 0
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
  marks: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let row: i32 = 0; row < rows; row++) {
    const values = data + doubles(row * width);
    const own = effects + doubles(load<i32>(groups + (<usize>row << 2)) * count);
    let seen: i32 = 0;
    let far: i32 = 0;
    for (let j: i32 = 0; j < count; j++) {
      let rest = load<f64>(values + doubles(load<i32>(some + (<usize>j << 2)))) - load<f64>(expected + doubles(j));
      for (let k: i32 = 0; k < columns; k++) {
        rest -= load<f64>(design + doubles(row * columns + k)) * load<f64>(expected + doubles((k + 1) * count + j));
      }
      if (rest != rest) continue;
      seen++;
      if (abs(rest - load<f64>(own + doubles(j))) > load<f64>(limits + doubles(j))) far++;
    }
    store<i32>(marks + (<usize>row << 2), far >= 2 && far * 4 >= seen ? 1 : 0);
  }
}
