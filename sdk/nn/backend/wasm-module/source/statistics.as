import { floats, high, low } from './float';

/** So few rows that a chunk stays in the nearest cache and its float32 sums lose nothing that counts. */
export const CHUNK: i32 = 32;

/**
 * The mean and 1/σ of each group of an image's channels: three float32 each (the mean in two parts, so that a mean far
 * from 0 costs no accuracy), in a row of `groups` for each part.
 *
 * Each chunk of rows is summed as differences from its first row, which leaves no large mean to cancel; the chunks are
 * then combined in float64 (Chan, Golub & LeVeque 1983, "Algorithms for computing the sample variance", equation 2.1).
 *
 * @param moments - room for 2 float64 per channel
 * @param stride - how far apart the rows are
 */
export function groupStatistics(
  x: usize, statistics: usize, moments: usize,
  rows: i32, stride: i32, channels: i32, groups: i32, epsilon: f64,
): void {
  memory.fill(moments, 0, 2 * floats(2 * channels));
  for (let first = 0; first < rows; first += CHUNK) {
    addChunk(x + floats(first * stride), moments, first, min(CHUNK, rows - first), floats(stride), channels);
  }
  const squares = moments + floats(2 * channels);
  const perGroup = channels / groups;
  for (let group = 0; group < groups; group++) {
    let mean: f64 = 0;
    let spread: f64 = 0;
    const end = (group + 1) * perGroup;
    for (let c = group * perGroup; c < end; c++) mean += load<f64>(moments + floats(2 * c));
    mean /= <f64>perGroup;
    for (let c = group * perGroup; c < end; c++) {
      const difference = load<f64>(moments + floats(2 * c)) - mean;
      spread += load<f64>(squares + floats(2 * c)) + difference * difference * <f64>rows;
    }
    const at = statistics + floats(group);
    const coarse = <f32>mean;
    store<f32>(at, coarse);
    store<f32>(at + floats(groups), <f32>(mean - <f64>coarse));
    store<f32>(at + floats(2 * groups), <f32>(1.0 / Math.sqrt(spread / (<f64>perGroup * <f64>rows) + epsilon)));
  }
}

function addChunk(x: usize, moments: usize, before: i32, count: i32, stride: usize, channels: i32): void {
  const share = <f64>count / <f64>(before + count);
  for (let c = 0; c < channels; c += 4) {
    const start = x + floats(c);
    const end = start + <usize>count * stride;
    const pivot = v128.load(start);
    let sum = f32x4.splat(0.0);
    let square = f32x4.splat(0.0);
    for (let at = start; at < end; at += stride) {
      const difference = f32x4.sub(v128.load(at), pivot);
      sum = f32x4.add(sum, difference);
      square = f32x4.add(square, f32x4.mul(difference, difference));
    }
    const at = moments + floats(2 * c);
    combine(at, channels, low(pivot), low(sum), low(square), count, share);
    combine(at + 16, channels, high(pivot), high(sum), high(square), count, share);
  }
}

/** Takes a chunk into the mean and the sum of squared differences from it, of two channels. */
@inline
function combine(at: usize, channels: i32, pivot: v128, sum: v128, square: v128, count: i32, share: f64): void {
  const shift = f64x2.div(sum, f64x2.splat(<f64>count));
  const within = f64x2.sub(square, f64x2.mul(sum, shift));
  const mean = v128.load(at);
  const difference = f64x2.sub(f64x2.add(pivot, shift), mean);
  v128.store(at, f64x2.add(mean, f64x2.mul(difference, f64x2.splat(share))));
  // before·count / (before + count)
  const weight = <f64>count * (1.0 - share);
  const between = f64x2.mul(f64x2.mul(difference, difference), f64x2.splat(weight));
  const squares = at + floats(2 * channels);
  v128.store(squares, f64x2.add(v128.load(squares), f64x2.add(within, between)));
}
