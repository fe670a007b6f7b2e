import { LEAKY_RELU, NONE, SILU, activate } from './activation';
import { floats } from './float';
import { groupStatistics } from './statistics';

/** Rows of one float32 per channel in scratch memory: the mean, the factor, the offset. */
const FACTOR: i32 = 1;
const OFFSET: i32 = 2;

/**
 * y = activation((x − mean)/σ·scale + shift).
 *
 * @param scale - `[N, channels]`, or `[channels]` with a `scaleStep` of 0; `shift` likewise
 * @param parts - into how many parts the channels of an image are divided, so that there is work for every thread: each has
 * whole groups, and a multiple of four channels
 * @param from - the first of the tasks: one for each image and part
 * @param scratch - room for 7 float32 per channel and 3 per group, at a multiple of 16 bytes
 */
export function normalizeGroups(
  x: usize, y: usize, scale: usize, scaleStep: i32, shift: usize, shiftStep: i32,
  rows: i32, channels: i32, groups: i32, epsilon: f64, activation: i32, slope: f32, parts: i32,
  from: i32, to: i32, scratch: usize,
): void {
  const partChannels = channels / parts;
  const partGroups = groups / parts;
  const coefficients = scratch + floats(4 * partChannels);
  const statistics = scratch + floats(7 * partChannels);
  for (let task = from; task < to; task++) {
    const n = task / parts;
    const first = (task - n * parts) * partChannels;
    const at = <usize>n * floats(rows * channels) + floats(first);
    groupStatistics(x + at, statistics, scratch, rows, channels, partChannels, partGroups, epsilon);
    const scales = scale + floats(n * scaleStep + first);
    const shifts = shift + floats(n * shiftStep + first);
    prepare(coefficients, scales, shifts, statistics, partChannels, partGroups);
    // One loop for each activation: chosen outside, it costs nothing inside.
    if (activation == NONE) normalizeImage(x + at, y + at, rows, channels, coefficients, partChannels, NONE, slope);
    else if (activation == SILU) normalizeImage(x + at, y + at, rows, channels, coefficients, partChannels, SILU, slope);
    else normalizeImage(x + at, y + at, rows, channels, coefficients, partChannels, LEAKY_RELU, slope);
  }
}

/** The coefficients of one image: before the activation, a value is (x − mean)·factor + offset. */
export function prepare(
  coefficients: usize, scale: usize, shift: usize, statistics: usize, channels: i32, groups: i32,
): void {
  const perGroup = channels / groups;
  for (let c = 0; c < channels; c++) {
    const group = statistics + floats(c / perGroup);
    const at = floats(c);
    const factor = <f64>load<f32>(group + floats(2 * groups)) * <f64>load<f32>(scale + at);
    const fine = <f64>load<f32>(group + floats(groups));
    store<f32>(coefficients + at, load<f32>(group));
    store<f32>(coefficients + at + floats(FACTOR * channels), <f32>factor);
    store<f32>(coefficients + at + floats(OFFSET * channels), <f32>(<f64>load<f32>(shift + at) - fine * factor));
  }
}

@inline
function normalizeImage(
  x: usize, y: usize, rows: i32, stride: i32, coefficients: usize, channels: i32, activation: i32, slope: f32,
): void {
  const step = floats(channels);
  const gap = floats(stride - channels);
  for (const end = x + <usize>rows * floats(stride); x < end; ) {
    let mean = coefficients;
    const last = coefficients + step;
    // Two at a time, as in `siluForward`.
    for (; mean + 32 <= last; mean += 32) {
      const factor = mean + step;
      const offset = factor + step;
      const centred = f32x4.sub(v128.load(x), v128.load(mean));
      const next = f32x4.sub(v128.load(x, 16), v128.load(mean, 16));
      const affine = f32x4.add(f32x4.mul(centred, v128.load(factor)), v128.load(offset));
      const nextAffine = f32x4.add(f32x4.mul(next, v128.load(factor, 16)), v128.load(offset, 16));
      const result = activate(affine, activation, slope);
      const nextResult = activate(nextAffine, activation, slope);
      v128.store(y, result);
      v128.store(y, nextResult, 16);
      x += 32;
      y += 32;
    }
    if (mean < last) {
      const centred = f32x4.sub(v128.load(x), v128.load(mean));
      const affine = f32x4.add(f32x4.mul(centred, v128.load(mean + step)), v128.load(mean + 2 * step));
      v128.store(y, activate(affine, activation, slope));
      x += 16;
      y += 16;
    }
    x += gap;
    y += gap;
  }
}
