import { endOfBlock, startOfBlock } from './block';

/**
 * Holds values between two others; NaN stays NaN.
 *
 * @param from - the first of the tasks of BLOCK values
 */
export function clip(
  x: usize,
  out: usize,
  count: i32,
  low: f32,
  high: f32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const last = endOfBlock(to, count);
  let at = startOfBlock(from);
  for (; at + 16 <= last; at += 16) v128.store(out + at, held(v128.load(x + at), low, high));
  for (; at < last; at += 4) {
    store<f32>(out + at, f32x4.extract_lane(held(v128.load_splat<f32>(x + at), low, high), 0));
  }
}

@inline
function held(values: v128, low: f32, high: f32): v128 {
  // pmin(a, b) is b < a ? b : a, so that a NaN in the first place stays; pmax likewise.
  return f32x4.pmin(f32x4.pmax(values, f32x4.splat(low)), f32x4.splat(high));
}
