import { endOfBlock, startOfBlock, withinBlock } from './block';
import { floats, high, low } from './float';

/**
 * One step of Adam: m′ = m + (1 − β₁)(g − m), v′ = v + (1 − β₂)(g² − v), p′ = keep·p − rate·m′/(√v′·root + ε), in tasks of
 * BLOCK values; at least four.
 *
 * @param keep - 1 less the learning rate times the weight decay
 * @param rate - the learning rate by 1 − β₁ᵗ
 * @param root - 1/√(1 − β₂ᵗ)
 */
export function adam(
  p: usize, g: usize, m: usize, v: usize, newP: usize, newM: usize, newV: usize, count: i32,
  rest1: f32, rest2: f32, rate: f32, root: f32, epsilon: f32, keep: f32,
  from: i32, to: i32, scratch: usize,
): void {
  const end = endOfBlock(to, count);
  for (let next = startOfBlock(from); next < end; next += 16) {
    const at = withinBlock(next, end);
    adamAt(p + at, g + at, m + at, v + at, newP + at, newM + at, newV + at, rest1, rest2, rate, root, epsilon, keep);
  }
}

@inline
function adamAt(
  p: usize, g: usize, m: usize, v: usize, newP: usize, newM: usize, newV: usize,
  rest1: f32, rest2: f32, rate: f32, root: f32, epsilon: f32, keep: f32,
): void {
  const gradient = v128.load(g);
  const mean = toward(v128.load(m), gradient, rest1);
  const square = toward(v128.load(v), f32x4.mul(gradient, gradient), rest2);
  const spread = f32x4.add(f32x4.mul(f32x4.sqrt(square), f32x4.splat(root)), f32x4.splat(epsilon));
  const step = f32x4.div(f32x4.mul(mean, f32x4.splat(rate)), spread);
  v128.store(newM, mean);
  v128.store(newV, square);
  v128.store(newP, f32x4.sub(f32x4.mul(v128.load(p), f32x4.splat(keep)), step));
}

/** a + share·(b − a) */
@inline
function toward(a: v128, b: v128, share: f32): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), f32x4.splat(share)));
}

/** out = a + share·(b − a), in tasks of BLOCK values; at least four. */
export function blend(
  a: usize, b: usize, out: usize, count: i32, share: f32, from: i32, to: i32, scratch: usize,
): void {
  const end = endOfBlock(to, count);
  for (let next = startOfBlock(from); next < end; next += 16) {
    const at = withinBlock(next, end);
    v128.store(out + at, toward(v128.load(a + at), v128.load(b + at), share));
  }
}

/** Σ x² of each task of BLOCK values, one after the other at `sums`. */
export function sumOfSquares(x: usize, sums: usize, count: i32, from: i32, to: i32, scratch: usize): void {
  for (let task = from; task < to; task++) {
    let at = x + startOfBlock(task);
    const end = x + endOfBlock(task + 1, count);
    let wide = f64x2.splat(0.0);
    for (; at + 16 <= end; at += 16) {
      const value = v128.load(at);
      wide = f64x2.add(wide, f64x2.mul(low(value), low(value)));
      wide = f64x2.add(wide, f64x2.mul(high(value), high(value)));
    }
    let total = f64x2.extract_lane(wide, 0) + f64x2.extract_lane(wide, 1);
    for (; at < end; at += 4) {
      const value = <f64>load<f32>(at);
      total += value * value;
    }
    store<f32>(sums + floats(task), <f32>total);
  }
}
