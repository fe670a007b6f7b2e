// Linear machines whose items are many for their values, by an interior-point method (Mehrotra 1992, SIAM J Optim 2:575; for such
// machines Ferris & Munson 2002, SIAM J Optim 13:783): where classes hardly differ, as in harmonized tables, pairs take
// thousands of steps to find which items end on a bound, and this a dozen. Each step solves a system of the size of an item.
import { doubles } from './float64';
import { tile } from './products';
import { factorize, solveLower, turnBack } from './svm-free';
import { alphas, ascent, at, bounds, noteFreedom, put, signs } from './svm-state';

/** It has come near enough when the mean product of an α's distance from a bound and that bound's multiplier is this share of the mean C. */
const NEAR: f64 = 1e-5;
/** It takes a dozen or so; what takes more than these is left to pairs. */
const MOST_STEPS: i32 = 40;
/** So much of the way to the nearest bound is gone, so that no α ends on it. */
const STEP_SHARE: f64 = 0.995;

/** The items: those of both classes, each filled up to a multiple of four, in panels of four rows. */
let firsts: usize = 0;
let seconds: usize = 0;
let filled: i32 = 0;
let size: i32 = 0;
let width: i32 = 0;
/** `width` and one, and that made a multiple of four. */
let count: i32 = 0;
let wide: i32 = 0;

// Where the way through the inside of the bounds has come to, and a change of it: α, the multipliers of the bounds 0 and C, and
// what the machine decides, of each item; the weight of each value and the bias.
let inside: usize = 0;
let low: usize = 0;
let high: usize = 0;
let decided: usize = 0;
let weights: usize = 0;
let insideBy: usize = 0;
let lowBy: usize = 0;
let highBy: usize = 0;
let decidedBy: usize = 0;
let weightsBy: usize = 0;
// What a change is computed with.
let ease: usize = 0;
let wanted: usize = 0;
let factors: usize = 0;
let eased: usize = 0;
/** The values, and after them ones, by fours: of each item four of its values. */
let turned: usize = 0;
let system: usize = 0;
let factor: usize = 0;
let inverse: usize = 0;
let products: usize = 0;
let list: usize = 0;

/** Whether items are many enough for their values. */
export function isNarrow(values: i32, items: i32): bool {
  return 2 * (values + 1) <= items;
}

/**
 * Brings the state of the optimization near the optimum, each α that is near a bound on it.
 *
 * @param scratch - room for fifteen vectors of all items and, with one more than the width made a multiple of four, four of those,
 * two squares, as many for each item, and thirty-two values
 * @returns whether it is there; else the state is as it was
 */
export function settleInside(
  kernel: usize,
  items: i32,
  firstItems: usize,
  filledFirsts: i32,
  secondItems: usize,
  values: i32,
  scratch: usize,
): bool {
  firsts = firstItems;
  seconds = secondItems;
  filled = filledFirsts;
  size = items;
  width = values;
  takeRoom(scratch);
  let sum: f64 = 0.0;
  let present: i32 = 0;
  for (let i: i32 = 0; i < size; i++) {
    sum += at(bounds, i);
    if (at(bounds, i) > 0.0) present++;
  }
  const near = (NEAR * sum) / <f64>present;
  turnItems();
  start();
  for (let step: i32 = 0; step < MOST_STEPS; step++) {
    const gap = gapAfter(0.0) / <f64>(2 * present);
    if (gap < near) return putOnBounds(kernel, present);
    for (let i: i32 = 0; i < size; i++) {
      const bound = at(bounds, i);
      const alpha = at(inside, i);
      put(ease, i, bound > 0.0 ? 1.0 / (at(low, i) / alpha + at(high, i) / (bound - alpha)) : 0.0);
    }
    makeFactor();
    changeTo(0.0, false);
    const left = gapAfter(min(1.0, roomFor())) / <f64>(2 * present) / gap;
    changeTo(left * left * left * gap, true);
    const length = min(1.0, STEP_SHARE * roomFor());
    if (!(length > 0.0)) return false;
    for (let i: i32 = 0; i < size; i++) {
      put(inside, i, at(inside, i) + length * at(insideBy, i));
      put(low, i, at(low, i) + length * at(lowBy, i));
      put(high, i, at(high, i) + length * at(highBy, i));
      put(decided, i, at(decided, i) + length * at(decidedBy, i));
    }
    for (let k: i32 = 0; k < count; k++) put(weights, k, at(weights, k) + length * at(weightsBy, k));
  }
  return false;
}

function takeRoom(scratch: usize): void {
  count = width + 1;
  wide = (count + 3) & ~3;
  const step = doubles(size);
  inside = scratch;
  low = inside + step;
  high = low + step;
  decided = high + step;
  insideBy = decided + step;
  lowBy = insideBy + step;
  highBy = lowBy + step;
  decidedBy = highBy + step;
  ease = decidedBy + step;
  wanted = ease + step;
  factors = wanted + step;
  eased = factors + step;
  weights = eased + 4 * step;
  weightsBy = weights + doubles(wide);
  inverse = weightsBy + doubles(wide);
  list = inverse + doubles(wide);
  products = list + doubles(wide);
  system = products + 128;
  factor = system + doubles(wide * wide);
  turned = factor + doubles(wide * wide);
}

/** Four items' values for one column, as rows lie. */
@inline
function itemsAt(four: i32): usize {
  return four < filled ? firsts + doubles(four * width) : seconds + doubles((four - filled) * width);
}

function turnItems(): void {
  memory.fill(turned, 0, doubles(size) * <usize>wide);
  for (let four: i32 = 0; four < size; four += 4) {
    const rows = itemsAt(four);
    for (let k: i32 = 0; k < count; k++) {
      const to = turned + doubles((k & ~3) * size + 4 * four + (k & 3));
      for (let l: i32 = 0; l < 4; l++)
        store<f64>(to + doubles(4 * l), k < width ? load<f64>(rows + doubles(4 * k + l)) : 1.0);
    }
  }
  for (let k: i32 = 0; k < count; k++) store<i32>(list + ((<usize>k) << 2), k);
}

function start(): void {
  memory.fill(insideBy, 0, 3 * doubles(size));
  for (let i: i32 = 0; i < size; i++) {
    put(inside, i, 0.5 * at(bounds, i));
    put(factors, i, at(inside, i) * at(signs, i));
  }
  addUp(weights);
  put(weights, width, 0.0);
  decide(weights, decided);
  for (let i: i32 = 0; i < size; i++) {
    const slope = at(signs, i) * at(decided, i) - 1.0;
    const takesPart = at(bounds, i) > 0.0;
    put(low, i, takesPart ? max(slope, 0.0) + 1.0 : 0.0);
    put(high, i, takesPart ? max(-slope, 0.0) + 1.0 : 0.0);
  }
}

/** The sum of each value over items by `factors`, and the sum of these. */
function addUp(sums: usize): void {
  for (let k: i32 = 0; k < wide; k += 4) {
    let from = turned + doubles(k * size);
    let upper = f64x2.splat(0.0);
    let lower = upper;
    for (let i: i32 = 0; i < size; i++) {
      const by = v128.load64_splat(factors + doubles(i));
      upper = f64x2.add(upper, f64x2.mul(by, v128.load(from)));
      lower = f64x2.add(lower, f64x2.mul(by, v128.load(from, 16)));
      from += 32;
    }
    v128.store(sums + doubles(k), upper);
    v128.store(sums + doubles(k), lower, 16);
  }
}

/** What weights and bias decide of each item. */
function decide(own: usize, to: usize): void {
  const bias = v128.load64_splat(own + doubles(width));
  for (let four: i32 = 0; four < size; four += 4) {
    let from = itemsAt(four);
    let upper = f64x2.splat(0.0);
    let lower = upper;
    for (let k: i32 = 0; k < width; k++) {
      const by = v128.load64_splat(own + doubles(k));
      upper = f64x2.add(upper, f64x2.mul(by, v128.load(from)));
      lower = f64x2.add(lower, f64x2.mul(by, v128.load(from, 16)));
      from += 32;
    }
    v128.store(to + doubles(four), f64x2.add(upper, bias));
    v128.store(to + doubles(four), f64x2.add(lower, bias), 16);
  }
}

/** The factor of what the changes of weights and bias solve: the products of values over items by their ease, and one for each weight. */
function makeFactor(): void {
  const stride = doubles(wide);
  for (let row: i32 = 0; row < wide; row += 4) {
    const own = turned + doubles(row * size);
    for (let i: i32 = 0; i < size; i++) {
      const by = v128.load64_splat(ease + doubles(i));
      const from = own + doubles(4 * i);
      const to = eased + doubles(4 * i);
      v128.store(to, f64x2.mul(by, v128.load(from)));
      v128.store(to, f64x2.mul(by, v128.load(from, 16)), 16);
    }
    for (let column: i32 = 0; column <= row; column += 4) {
      const to = system + doubles(column * wide + row);
      tile(turned + doubles(column * size), eased, size, to, stride, false);
    }
  }
  for (let k: i32 = 0; k < width; k++) {
    const place = k * wide + k;
    put(system, place, at(system, place) + 1.0);
  }
  factorize(system, wide, list, count, factor, inverse, products);
}

/**
 * The change that brings all products of a multiplier and its α's distance from its bound to a target.
 *
 * @param again - whether the products of the change that is there, which is the one to zero, are made up for
 */
function changeTo(target: f64, again: bool): void {
  for (let i: i32 = 0; i < size; i++) {
    const bound = at(bounds, i);
    if (bound === 0.0) {
      put(factors, i, 0.0);
      put(lowBy, i, 0.0);
      put(highBy, i, 0.0);
      continue;
    }
    const sign = at(signs, i);
    const alpha = at(inside, i);
    const by = at(insideBy, i);
    const lowTarget = again ? target - by * at(lowBy, i) : target;
    const highTarget = again ? target + by * at(highBy, i) : target;
    const own = lowTarget / alpha - highTarget / (bound - alpha);
    const want = sign - at(decided, i) + sign * own;
    put(wanted, i, want);
    put(factors, i, at(ease, i) * want + sign * alpha);
    // They are kept where the change goes that they are of.
    put(lowBy, i, lowTarget);
    put(highBy, i, highTarget);
  }
  addUp(weightsBy);
  for (let k: i32 = 0; k < width; k++) put(weightsBy, k, at(weightsBy, k) - at(weights, k));
  for (let panel: i32 = 0; panel < wide; panel += 4)
    solveLower(factor + doubles(panel * wide), weightsBy, inverse, panel);
  for (let panel = wide - 4; panel >= 0; panel -= 4)
    turnBack(factor + doubles(panel * wide), weightsBy, inverse, panel);
  decide(weightsBy, decidedBy);
  for (let i: i32 = 0; i < size; i++) {
    const bound = at(bounds, i);
    if (bound === 0.0) {
      put(insideBy, i, 0.0);
      continue;
    }
    const alpha = at(inside, i);
    const by = at(signs, i) * (at(ease, i) * (at(wanted, i) - at(decidedBy, i)));
    put(insideBy, i, by);
    put(lowBy, i, (at(lowBy, i) - at(low, i) * by) / alpha - at(low, i));
    put(highBy, i, (at(highBy, i) + at(high, i) * by) / (bound - alpha) - at(high, i));
  }
}

/** How many times the change can be made before the first α, or the first multiplier, is at a bound. */
function roomFor(): f64 {
  let room: f64 = Infinity;
  for (let i: i32 = 0; i < size; i++) {
    const by = at(insideBy, i);
    if (by < 0.0) room = min(room, -at(inside, i) / by);
    if (by > 0.0) room = min(room, (at(bounds, i) - at(inside, i)) / by);
    if (at(lowBy, i) < 0.0) room = min(room, -at(low, i) / at(lowBy, i));
    if (at(highBy, i) < 0.0) room = min(room, -at(high, i) / at(highBy, i));
  }
  return room;
}

/** The sum of the products of multipliers and distances from bounds after some of the change. */
function gapAfter(length: f64): f64 {
  let gap: f64 = 0.0;
  for (let i: i32 = 0; i < size; i++) {
    const alpha = at(inside, i) + length * at(insideBy, i);
    const own = at(low, i) + length * at(lowBy, i);
    const other = at(high, i) + length * at(highBy, i);
    gap += own * alpha + other * (at(bounds, i) - alpha);
  }
  return gap;
}

/** Puts every α on the bound that it is near to; what yα then lack of a sum of zero is shared by those that are near none. */
function putOnBounds(kernel: usize, present: i32): bool {
  let sum: f64 = 0.0;
  let free: i32 = 0;
  for (let i: i32 = 0; i < size; i++) {
    const bound = at(bounds, i);
    const own = at(inside, i);
    let ended = own;
    if (bound === 0.0 || own < at(low, i) * bound) ended = 0.0;
    else if (bound - own < at(high, i) * bound) ended = bound;
    put(inside, i, ended);
    sum += at(signs, i) * ended;
    if (ended > 0.0 && ended < bound) free++;
  }
  for (let i: i32 = 0; i < size; i++) {
    const bound = at(bounds, i);
    const own = at(inside, i);
    if (own <= 0.0 || own >= bound) continue;
    const sign = at(signs, i);
    const moved = min(bound, max(0.0, own - (sign * sum) / <f64>free));
    sum += sign * (moved - own);
    put(inside, i, moved);
    free--;
  }
  if (!(abs(sum) < 1e-14 * <f64>present)) return false;
  for (let i: i32 = 0; i < size; i++) {
    put(alphas, i, at(inside, i));
    put(ascent, i, at(signs, i));
    noteFreedom(i);
  }
  for (let i: i32 = 0; i < size; i++) {
    const own = at(signs, i) * at(inside, i);
    if (own === 0.0) continue;
    const by = f64x2.splat(own);
    const row = kernel + ((<usize>i * <usize>size) << 3);
    for (let j: usize = 0; j < doubles(size); j += 16) {
      v128.store(ascent + j, f64x2.sub(v128.load(ascent + j), f64x2.mul(by, v128.load(row + j))));
    }
  }
  return true;
}
