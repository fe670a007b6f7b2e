import { LEAKY_RELU, NONE, SILU, activate } from './activation';
import { floats } from './float';
import { groupStatistics } from './statistics';

/** Rows of one float32 per channel in scratch memory: the mean, the factor, the offset. */
const FACTOR: i32 = 1;
const OFFSET: i32 = 2;

/**
 * y = activation((x − mean)/σ·scale + shift); a task is an image.
 *
 * @param scale - `[N, channels]`, or `[channels]` with a `scaleStep` of 0; `shift` likewise
 * @param scratch - room for 7 float32 per channel and 3 per group, at a multiple of 16 bytes
 */
export function normalizeGroups(
  x: usize, y: usize, scale: usize, scaleStep: i32, shift: usize, shiftStep: i32,
  rows: i32, channels: i32, groups: i32, epsilon: f64, activation: i32, slope: f32,
  from: i32, to: i32, scratch: usize,
): void {
  const coefficients = scratch + floats(4 * channels);
  const statistics = scratch + floats(7 * channels);
  const size = floats(rows * channels);
  x += <usize>from * size;
  y += <usize>from * size;
  scale += floats(from * scaleStep);
  shift += floats(from * shiftStep);
  for (let n = from; n < to; n++) {
    groupStatistics(x, statistics, scratch, rows, channels, groups, epsilon);
    prepare(coefficients, scale, shift, statistics, channels, groups);
    // One loop for each activation: chosen outside, it costs nothing inside.
    if (activation == NONE) normalizeImage(x, y, size, coefficients, channels, NONE, slope);
    else if (activation == SILU) normalizeImage(x, y, size, coefficients, channels, SILU, slope);
    else normalizeImage(x, y, size, coefficients, channels, LEAKY_RELU, slope);
    x += size;
    y += size;
    scale += floats(scaleStep);
    shift += floats(shiftStep);
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
  x: usize, y: usize, size: usize, coefficients: usize, channels: i32, activation: i32, slope: f32,
): void {
  const stride = floats(channels);
  const end = x + size;
  while (x < end) {
    for (let c: usize = 0; c < stride; c += 16) {
      const k = coefficients + c;
      const centred = f32x4.sub(v128.load(x), v128.load(k));
      const affine = f32x4.add(f32x4.mul(centred, v128.load(k + stride)), v128.load(k + 2 * stride));
      v128.store(y, activate(affine, activation, slope));
      x += 16;
      y += 16;
    }
  }
}
