import { floats } from './float';

/**
 * What a map makes of the scale and shift of channels, for each image: with m = values·kernel + bias, which is a factor
 * less 1 and, where there are as many columns, a shift: newScale = scale·(1 + m), newShift = shift·(1 + m) + m′. A task is
 * an image.
 *
 * @param values - `[N, size]`
 * @param kernel - `[size, columns]`
 * @param columns - `channels`, or twice as many
 * @param scale - `[N, channels]`, `[channels]` with a `scaleStep` of 0, or 0 for 1; `shift` likewise, or 0 for 0. May be
 * the places of the results
 * @param channels - a multiple of 4
 */
export function steer(
  values: usize, size: i32, kernel: usize, bias: usize, columns: i32,
  scale: usize, scaleStep: i32, shift: usize, shiftStep: i32, newScale: usize, newShift: usize, channels: i32,
  from: i32, to: i32, scratch: usize,
): void {
  for (let n = from; n < to; n++) {
    const row = values + floats(n * size);
    for (let c = 0; c < channels; c += 4) {
      const at = floats(c);
      const old = scale == 0 ? f32x4.splat(1.0) : v128.load(scale + floats(n * scaleStep) + at);
      const oldShift = shift == 0 ? f32x4.splat(0.0) : v128.load(shift + floats(n * shiftStep) + at);
      const factor = f32x4.add(mapped(row, size, kernel + at, bias + at, columns), f32x4.splat(1.0));
      let shifted = f32x4.mul(oldShift, factor);
      if (columns > channels) {
        const beyond = at + floats(channels);
        shifted = f32x4.add(shifted, mapped(row, size, kernel + beyond, bias + beyond, columns));
      }
      v128.store(newScale + floats(n * channels) + at, f32x4.mul(old, factor));
      v128.store(newShift + floats(n * channels) + at, shifted);
    }
  }
}

/** Four values of a row times a matrix, plus a bias. */
@inline
function mapped(row: usize, size: i32, kernel: usize, bias: usize, columns: i32): v128 {
  let even = v128.load(bias);
  let odd = f32x4.splat(0.0);
  const step = floats(columns);
  const end = row + floats(size);
  for (; row + 8 <= end; row += 8) {
    even = f32x4.add(even, f32x4.mul(v128.load_splat<f32>(row), v128.load(kernel)));
    odd = f32x4.add(odd, f32x4.mul(v128.load_splat<f32>(row, 4), v128.load(kernel + step)));
    kernel += 2 * step;
  }
  if (row < end) even = f32x4.add(even, f32x4.mul(v128.load_splat<f32>(row), v128.load(kernel)));
  return f32x4.add(even, odd);
}
