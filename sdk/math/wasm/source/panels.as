// Rows and columns of a table put as `products` wants them: by fours, the first values of four of them, then their second ones, and
// so on. What is missing to a full four is zeros. Four rows, or 32 columns, are one unit.
import { doubles } from './float64';

/** So many columns are turned together: what is read of a row then are whole lines of the processor's cache. */
const COLUMNS: i32 = 32;

/**
 * Rows as panels.
 *
 * @param rows - count × width
 * @param panels - count, made a multiple of four, × width
 */
export function rowPanels(
  rows: usize,
  count: i32,
  width: i32,
  panels: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const none = f64x2.splat(0.0);
  for (let unit = from; unit < to; unit++) {
    const row = 4 * unit;
    const a = rows + ((<usize>row * <usize>width) << 3);
    const b = a + doubles(width);
    const c = b + doubles(width);
    const d = c + doubles(width);
    let target = panels + ((<usize>row * <usize>width) << 3);
    let k: i32 = 0;
    for (; k + 1 < width; k += 2) {
      const at = doubles(k);
      const own = v128.load(a + at);
      const second = row + 1 < count ? v128.load(b + at) : none;
      const third = row + 2 < count ? v128.load(c + at) : none;
      const fourth = row + 3 < count ? v128.load(d + at) : none;
      v128.store(target, v128.shuffle<f64>(own, second, 0, 2));
      v128.store(target, v128.shuffle<f64>(third, fourth, 0, 2), 16);
      v128.store(target, v128.shuffle<f64>(own, second, 1, 3), 32);
      v128.store(target, v128.shuffle<f64>(third, fourth, 1, 3), 48);
      target += 64;
    }
    if (k < width) {
      const at = doubles(k);
      store<f64>(target, load<f64>(a + at));
      store<f64>(target, row + 1 < count ? load<f64>(b + at) : 0.0, 8);
      store<f64>(target, row + 2 < count ? load<f64>(c + at) : 0.0, 16);
      store<f64>(target, row + 3 < count ? load<f64>(d + at) : 0.0, 24);
    }
  }
}

/**
 * Columns as panels.
 *
 * @param rows - count × width
 * @param panels - width, made a multiple of four, × count
 */
export function columnPanels(
  rows: usize,
  count: i32,
  width: i32,
  panels: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const panel = doubles(4 * count);
  for (let unit = from; unit < to; unit++) {
    const first = unit * COLUMNS;
    const last = min(first + COLUMNS, width);
    for (let row: i32 = 0; row < count; row++) {
      const own = rows + ((<usize>row * <usize>width) << 3);
      let target = panels + ((<usize>first * <usize>count) << 3) + doubles(4 * row);
      for (let k = first; k < last; k += 4) {
        const at = own + doubles(k);
        if (k + 4 <= last) {
          v128.store(target, v128.load(at));
          v128.store(target, v128.load(at, 16), 16);
        } else {
          for (let j: i32 = 0; j < 4; j++) {
            store<f64>(target + doubles(j), k + j < last ? load<f64>(at + doubles(j)) : 0.0);
          }
        }
        target += panel;
      }
    }
  }
}

/**
 * Panels as the rows that they were made of, a multiple of four.
 *
 * @param rows - where they go: apart from the panels
 */
export function panelRows(panels: usize, width: i32, rows: usize, from: i32, to: i32, scratch: usize): void {
  for (let unit = from; unit < to; unit++) {
    const start = (<usize>(4 * unit) * <usize>width) << 3;
    const a = rows + start;
    const b = a + doubles(width);
    const c = b + doubles(width);
    const d = c + doubles(width);
    let own = panels + start;
    for (let k: i32 = 0; k < width; k++) {
      const at = doubles(k);
      store<f64>(a + at, load<f64>(own));
      store<f64>(b + at, load<f64>(own, 8));
      store<f64>(c + at, load<f64>(own, 16));
      store<f64>(d + at, load<f64>(own, 24));
      own += 32;
    }
  }
}
