import { high, low } from './float';

/** Terms that are added up before the sum of the others gets any of them, to keep the rounding error of long sums small. */
const BLOCK: i32 = 128;

/**
 * Sums over the middle of three axes: out[i, k] = Σ over j of x[i, j, k].
 *
 * @param stripes - into how many parts the last axis is divided
 * @param from - the first of the tasks, one for each i and part
 */
export function sumMiddle(
  x: usize,
  out: usize,
  middle: i32,
  last: i32,
  stripes: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let task = from; task < to; task++) {
    const i = task / stripes;
    const stripe = task - i * stripes;
    let k = ((stripe * last) / stripes) & ~3;
    const end = stripe + 1 == stripes ? last : (((stripe + 1) * last) / stripes) & ~3;
    const source = x + <usize>i * middle * last * 4;
    const target = out + <usize>i * last * 4;
    for (; k + 8 <= end; k += 8) sumEight(source + 4 * k, target + 4 * k, middle, 4 * last);
    for (; k < end; k++) sumOne(source + 4 * k, target + 4 * k, middle, 4 * last);
  }
}

function sumEight(source: usize, target: usize, count: i32, step: usize): void {
  // In float64: of equal terms, a long sum in float32 rounds every time to the same side.
  let total0 = f64x2.splat(0);
  let total1 = total0;
  let total2 = total0;
  let total3 = total0;
  for (let first = 0; first < count; first += BLOCK) {
    let even0 = f32x4.splat(0);
    let even1 = even0;
    let odd0 = even0;
    let odd1 = even0;
    let left = min(BLOCK, count - first);
    for (; left > 1; left -= 2) {
      even0 = f32x4.add(even0, v128.load(source));
      even1 = f32x4.add(even1, v128.load(source, 16));
      source += step;
      odd0 = f32x4.add(odd0, v128.load(source));
      odd1 = f32x4.add(odd1, v128.load(source, 16));
      source += step;
    }
    if (left == 1) {
      even0 = f32x4.add(even0, v128.load(source));
      even1 = f32x4.add(even1, v128.load(source, 16));
      source += step;
    }
    even0 = f32x4.add(even0, odd0);
    even1 = f32x4.add(even1, odd1);
    total0 = f64x2.add(total0, low(even0));
    total1 = f64x2.add(total1, high(even0));
    total2 = f64x2.add(total2, low(even1));
    total3 = f64x2.add(total3, high(even1));
  }
  v128.store(target, joined(total0, total1));
  v128.store(target, joined(total2, total3), 16);
}

/** Four float64 as float32. */
@inline
function joined(first: v128, second: v128): v128 {
  return i32x4.shuffle(f32x4.demote_f64x2_zero(first), f32x4.demote_f64x2_zero(second), 0, 1, 4, 5);
}

function sumOne(source: usize, target: usize, count: i32, step: usize): void {
  let total: f64 = 0;
  for (let j = 0; j < count; j++, source += step) total += load<f32>(source);
  store<f32>(target, <f32>total);
}

/**
 * Sums over the last of two axes: out[i] = Σ over j of x[i, j].
 *
 * @param from - the first i
 */
export function sumLast(x: usize, out: usize, last: i32, from: i32, to: i32, scratch: usize): void {
  for (let i = from; i < to; i++) {
    let source = x + <usize>i * last * 4;
    let total: f64 = 0;
    let left = last;
    while (left >= 8) {
      let sum0 = f32x4.splat(0);
      let sum1 = sum0;
      const block = min(8 * BLOCK, left & ~7);
      for (const end = source + 4 * block; source < end; source += 32) {
        sum0 = f32x4.add(sum0, v128.load(source));
        sum1 = f32x4.add(sum1, v128.load(source, 16));
      }
      left -= block;
      sum0 = f32x4.add(sum0, sum1);
      total +=
        <f64>f32x4.extract_lane(sum0, 0) + <f64>f32x4.extract_lane(sum0, 1) +
        <f64>f32x4.extract_lane(sum0, 2) + <f64>f32x4.extract_lane(sum0, 3);
    }
    for (; left > 0; left--, source += 4) total += load<f32>(source);
    store<f32>(out + 4 * i, <f32>total);
  }
}
