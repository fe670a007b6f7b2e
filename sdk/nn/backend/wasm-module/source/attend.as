import { multiplyTile, packPanels } from './convolve';
import { exponential, floats } from './float';

/** Positions whose attention makes a task. */
const ROWS: i32 = 64;

/**
 * Attention, softmax(q·kᵀ·scale)·v for each head: each position takes part of the values of all others.
 *
 * @param x - `[N, positions, 3·channels]`: queries, keys and values, each head after head
 * @param out - `[N, positions, channels]`
 * @param positions - a multiple of 8
 * @param channels - a multiple of 8 times `heads`
 * @param from - the first of the tasks: one for each image, head and ROWS positions
 * @param scratch - room for 2·channels/heads + 4 float32 per position, and 48 bytes
 */
export function attend(
  x: usize, out: usize, positions: i32, channels: i32, heads: i32, scale: f32,
  from: i32, to: i32, scratch: usize,
): void {
  const size = channels / heads;
  const blocks = (positions + ROWS - 1) / ROWS;
  const panels = size / 8;
  const list = scratch + 16;
  const outs = scratch + 32;
  const likeness = scratch + 48;
  const keys = likeness + floats(4 * positions);
  const values = keys + floats(positions * size);
  const rowBytes = floats(3 * channels);
  // The offset of the one matrix that is packed.
  store<i32>(scratch, 0);
  let packed = -1;
  for (let task = from; task < to; task++) {
    const pair = task / blocks;
    const n = pair / heads;
    const offset = floats((pair - n * heads) * size);
    const queries = x + <usize>n * positions * rowBytes + offset;
    if (pair != packed) {
      packPanels(queries + floats(channels), keys, scratch, 1, size, positions, 1, 3 * channels, 0, positions / 8, 0);
      packPanels(queries + floats(2 * channels), values, scratch, 1, positions, size, 3 * channels, 1, 0, panels, 0);
      packed = pair;
    }
    const first = (task - pair * blocks) * ROWS;
    const end = min(first + ROWS, positions);
    for (let row = first; row < end; row += 4) {
      for (let i = 0; i < 4; i++) {
        store<usize>(list + 4 * i, queries + <usize>(row + i) * rowBytes);
        store<usize>(outs + 4 * i, likeness + floats(i * positions));
      }
      const zero = f32x4.splat(0.0);
      for (let panel = 0; panel < positions / 8; panel++) {
        multiplyTile(list, 1, size, keys + floats(8 * panel * size), outs, floats(8 * panel), zero, zero);
      }
      for (let i = 0; i < 4; i++) {
        const at = likeness + floats(i * positions);
        softmax(at, positions, scale);
        store<usize>(list + 4 * i, at);
        store<usize>(outs + 4 * i, out + floats((n * positions + row + i) * channels) + offset);
      }
      for (let panel = 0; panel < panels; panel++) {
        multiplyTile(list, 1, positions, values + floats(8 * panel * positions), outs, floats(8 * panel), zero, zero);
      }
    }
  }
}

/** exp(scale·x) in their sum, in the place of x; the largest is subtracted before. */
function softmax(x: usize, count: i32, scale: f32): void {
  const end = x + floats(count);
  let most = v128.load(x);
  for (let at = x + 16; at < end; at += 16) most = f32x4.pmax(most, v128.load(at));
  most = f32x4.pmax(most, i32x4.shuffle(most, most, 2, 3, 0, 1));
  most = f32x4.pmax(most, i32x4.shuffle(most, most, 1, 0, 3, 2));
  let sum = f32x4.splat(0.0);
  const factor = f32x4.splat(scale);
  // Two at a time, as in `siluForward`.
  for (let at = x; at < end; at += 32) {
    const first = exponential(f32x4.mul(f32x4.sub(v128.load(at), most), factor));
    const second = exponential(f32x4.mul(f32x4.sub(v128.load(at, 16), most), factor));
    v128.store(at, first);
    v128.store(at, second, 16);
    sum = f32x4.add(f32x4.add(sum, first), second);
  }
  const total: f64 =
    <f64>f32x4.extract_lane(sum, 0) + <f64>f32x4.extract_lane(sum, 1) +
    <f64>f32x4.extract_lane(sum, 2) + <f64>f32x4.extract_lane(sum, 3);
  const share = f32x4.splat(<f32>(1.0 / total));
  for (let at = x; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), share));
}
