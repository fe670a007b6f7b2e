import { convolve, packPanels } from './convolve';
import { convolveWeights, unpackWeights } from './convolve-weights';

/**
 * Multiplies many pairs of small matrices: out[i] = a[i]·b[i], `[rows, depth]` times `[depth, columns]`.
 *
 * @param transposedA - whether a is stored as `[depth, rows]`; then transposedB is 0
 * @param transposedB - whether b is stored as `[columns, depth]`
 * @param stepA - how far apart, in values, the matrices of a are; 0 where all pairs have the same
 * @param zeros - at least `depth` zeros, and `rows` rounded up to 4
 * @param from - the first pair
 * @param scratch - 9232 bytes, and the larger of a padded b and a padded result, `[depth, columns rounded up to 8]` and
 * `[rows rounded up to 4, columns rounded up to 8]`
 */
export function multiplyEach(
  a: usize,
  stepA: i32,
  transposedA: i32,
  b: usize,
  stepB: i32,
  transposedB: i32,
  out: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  zeros: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  // The one tap of a window of one pixel: at 0, 0, its matrix at 0.
  const tap = scratch;
  store<i64>(tap, 0);
  const lists = scratch + 16;
  const large = scratch + 9216 + 16;
  const panels = (columns + 7) / 8;
  for (let i = from; i < to; i++) {
    const x = a + <usize>i * stepA * 4;
    const y = b + <usize>i * stepB * 4;
    const z = out + <usize>i * rows * columns * 4;
    if (transposedA) {
      convolveWeights(x, 1, depth, 1, rows, zeros, y, tap, 1, 1, 1, depth, 1, columns, large, 1, 0, panels, lists);
      unpackWeights(large, z, 1, rows, columns, 0, 1, lists);
    } else {
      const step = transposedB ? 1 : columns;
      packPanels(y, large, tap, 1, depth, columns, step, transposedB ? depth : 1, 0, panels, lists);
      const groups = (rows + 63) / 64;
      convolve(
        x, 1, rows, 1, depth, zeros, large, tap, 1, 1, 1,
        z, rows, 1, columns, 0, columns, columns, 0, 0, groups, lists,
      );
    }
  }
}
