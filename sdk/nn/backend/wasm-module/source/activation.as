import { endOfBlock, startOfBlock, withinBlock } from './block';
import { sigmoid } from './float';

export const NONE: i32 = 0;
export const SILU: i32 = 1;
export const LEAKY_RELU: i32 = 2;

@inline
export function activate(x: v128, activation: i32, slope: f32): v128 {
  if (activation == NONE) return x;
  return activation == SILU ? f32x4.mul(x, sigmoid(x)) : f32x4.mul(x, step(x, slope));
}

/** The derivative of the activation at x. */
@inline
export function derivative(x: v128, activation: i32, slope: f32): v128 {
  if (activation == NONE) return f32x4.splat(1.0);
  if (activation == LEAKY_RELU) return step(x, slope);
  const s = sigmoid(x);
  return f32x4.mul(s, f32x4.add(f32x4.splat(1.0), f32x4.mul(x, f32x4.sub(f32x4.splat(1.0), s))));
}

/** 1 where x > 0, else `slope`. */
@inline
function step(x: v128, slope: f32): v128 {
  return v128.bitselect(f32x4.splat(1.0), f32x4.splat(slope), f32x4.gt(x, f32x4.splat(0.0)));
}

/** y = SiLU(x), in tasks of BLOCK values; at least four. */
export function siluForward(x: usize, y: usize, count: i32, from: i32, to: i32, scratch: usize): void {
  const end = endOfBlock(to, count);
  let at = startOfBlock(from);
  // Two at a time: the constants of the power, each of which costs three instructions, serve both.
  for (; at + 32 <= end; at += 32) {
    const first = activate(v128.load(x + at), SILU, 0);
    const second = activate(v128.load(x + at, 16), SILU, 0);
    v128.store(y + at, first);
    v128.store(y + at, second, 16);
  }
  for (; at < end; at += 16) {
    const place = withinBlock(at, end);
    v128.store(y + place, activate(v128.load(x + place), SILU, 0));
  }
}

/** dx = dy·SiLU′(x), in tasks of BLOCK values; at least four. */
export function siluBackward(
  x: usize, dy: usize, dx: usize, count: i32, from: i32, to: i32, scratch: usize,
): void {
  const end = endOfBlock(to, count);
  let at = startOfBlock(from);
  for (; at + 32 <= end; at += 32) {
    const first = f32x4.mul(v128.load(dy + at), derivative(v128.load(x + at), SILU, 0));
    const second = f32x4.mul(v128.load(dy + at, 16), derivative(v128.load(x + at, 16), SILU, 0));
    v128.store(dx + at, first);
    v128.store(dx + at, second, 16);
  }
  for (; at < end; at += 16) {
    const place = withinBlock(at, end);
    v128.store(dx + place, f32x4.mul(v128.load(dy + place), derivative(v128.load(x + place), SILU, 0)));
  }
}
