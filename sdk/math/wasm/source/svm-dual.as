// The dual of the soft-margin support vector classifier, by sequential minimal optimization, the working pair chosen by
// second-order information (Fan, Chen & Lin 2005, JMLR 6:1889), on a kernel matrix held in memory. It stops at the same
// tolerance as LIBSVM (Chang & Lin 2011, ACM TIST 2:27), whose rules for curvature and bias it follows.
import { doubles } from './float64';
import { stepFree } from './svm-free';
import { isNarrow, settleInside } from './svm-inside';
import {
  alphas,
  ascent,
  at,
  bounds,
  diagonal,
  falls,
  layOut,
  listed,
  mayFall,
  mayRise,
  noteFreedom,
  put,
  rises,
  signs,
} from './svm-state';

/** The largest violation of the optimality conditions that counts as none. */
const TOLERANCE: f64 = 1e-3;
/** Stands in for a curvature that is not positive; in the choice of a partner for any that is less. */
const TINY_CURVATURE: f64 = 1e-12;
/** So many steps for each item are taken with all items before those that may move are sought; later on half a step. */
const FIRST_STEPS: i32 = 2;
/** So many steps for each item are taken at most with those that may move alone. */
const MOVING_STEPS: i32 = 8;
/** So many steps follow each other in which all free items move at once, where they are few. */
const FREE_STEPS: i32 = 4;
/** No problem of ordinary size comes near it. */
const MOST_ROUNDS: i32 = 50_000;

/**
 * Trains a machine of two classes: decision(x) = Σ weight · k(x, item) + bias.
 *
 * @param kernel - size × size, symmetric; size is a multiple of four
 * @param firsts - how many items are of the first class, and then how many there are with those that fill it up
 * @param seconds - how many of those that follow are of the second class; what is left fills it up
 * @param firstItems - the items of the first class, where the kernel is their inner products and those with `secondItems`
 * @param width - how many values an item has; 0 for another kernel
 * @param costs - the bounds of the weights of both classes
 * @param state - room for eight vectors, and for what `solveMoving`, `stepFree` and `settleInside` need
 * @param machine - where weights and bias go
 */
export function solveDual(
  kernel: usize,
  size: i32,
  firsts: i32,
  filled: i32,
  seconds: i32,
  firstItems: usize,
  secondItems: usize,
  width: i32,
  costs: usize,
  state: usize,
  machine: usize,
): void {
  layOut(state, size);
  for (let i: i32 = 0; i < size; i++) {
    const isFirst = i < filled;
    const takesPart = isFirst ? i < firsts : i < filled + seconds;
    const sign: f64 = isFirst ? 1.0 : -1.0;
    put(diagonal, i, load<f64>(kernel + ((<usize>i * <usize>(size + 1)) << 3)));
    put(ascent, i, sign);
    put(alphas, i, 0.0);
    put(bounds, i, takesPart ? load<f64>(costs + (isFirst ? 0 : 8)) : 0.0);
    put(signs, i, sign);
    noteFreedom(i);
  }
  // Many items end on a bound and stay there: those that may still move are solved for alone, where they are few. Where
  // they are many, they move at once, less often where a bound was in the way.
  const own = state + 7 * doubles(size);
  let pause: i32 = 1;
  let due: i32 = 0;
  for (let round: i32 = 0; round < MOST_ROUNDS; round++) {
    let steps = round === 0 ? FIRST_STEPS * size : size >> 1;
    if (round === 0 && width > 0 && isNarrow(width, size)) {
      const few = size >> 2;
      if (solve(kernel, size, few)) break;
      steps -= few;
      if (!hasMovedMany(size) && solve(kernel, size, steps)) break;
      if (settleInside(kernel, size, firstItems, filled, secondItems, width, own)) {
        stepFreely(kernel, size, own);
        steps = size >> 1;
      }
    }
    if (solve(kernel, size, steps)) break;
    const count = listMoving(size, own);
    if (count <= size / 2) {
      solveMoving(kernel, size, state, own, count);
      stepFreely(kernel, size, own);
    } else if (round >= due) {
      pause = stepFree(kernel, size, own) ? 2 * pause : 1;
      due = round + pause;
    }
  }
  for (let i: i32 = 0; i < size; i++) put(machine, i, at(alphas, i) * at(signs, i));
  put(machine, size, bias(size));
}

/**
 * Whether a quarter of the items have moved in a quarter as many steps of two: where classes are apart, steps come back to the
 * same few items, and where they hardly differ, most steps meet items that have not moved before.
 */
function hasMovedMany(size: i32): bool {
  let count: i32 = 0;
  for (let i: i32 = 0; i < size; i++) if (at(alphas, i) > 0.0) count++;
  return 4 * count > size;
}

/** Moves all free items some times, as long as a bound is in the way. */
function stepFreely(kernel: usize, size: i32, own: usize): void {
  for (let step: i32 = 0; step < FREE_STEPS; step++) if (!stepFree(kernel, size, own)) return;
}

/** Takes steps until the conditions hold, so many at most; whether they hold. */
function solve(kernel: usize, size: i32, steps: i32): bool {
  let rising = descend(kernel, kernel, size, 0.0);
  for (let step: i32 = 0; step < steps; step++) {
    const falling = rising < 0 ? -1 : partner(kernel, size, rising);
    if (falling < 0) return true;
    rising = moveAlong(kernel, size, rising, falling);
  }
  return false;
}

/**
 * Lists the items that may still move: those strictly within bounds, and those on a bound that some other item would pair
 * with (the rule by which LIBSVM shrinks: Fan, Chen & Lin 2005, section 5).
 *
 * @returns how many there are
 */
function listMoving(size: i32, list: usize): i32 {
  let most: f64 = -Infinity;
  let least: f64 = Infinity;
  for (let i: i32 = 0; i < size; i++) {
    const own = at(ascent, i);
    if (rises(i)) most = max(most, own);
    if (falls(i)) least = min(least, own);
  }
  let count: i32 = 0;
  for (let i: i32 = 0; i < size; i++) {
    const own = at(ascent, i);
    if ((rises(i) && (falls(i) || own >= least)) || (falls(i) && own <= most)) {
      store<i32>(list + ((<usize>count) << 2), i);
      count++;
    }
  }
  return count;
}

/** Solves for the items of a list with all others left as they are, and brings `ascent` of all up to date. */
function solveMoving(kernel: usize, size: i32, state: usize, list: usize, count: i32): void {
  const few = (count + 3) & ~3;
  // The list takes half a vector of all items at most.
  const inner = list + doubles(size);
  const part = inner + 7 * doubles(few);
  memory.fill(part, 0, (<usize>few * <usize>few) << 3);
  for (let k: i32 = 0; k < count; k++) {
    const row = kernel + ((<usize>listed(list, k) * <usize>size) << 3);
    const to = part + ((<usize>k * <usize>few) << 3);
    for (let l: i32 = 0; l < count; l++) store<f64>(to + doubles(l), load<f64>(row + doubles(listed(list, l))));
  }
  for (let k: i32 = 0; k < few; k++) {
    const isThere = k < count;
    const i = isThere ? listed(list, k) : 0;
    layOut(state, size);
    const own = at(ascent, i);
    const alpha = at(alphas, i);
    const bound = at(bounds, i);
    const sign = at(signs, i);
    layOut(inner, few);
    put(diagonal, k, load<f64>(part + ((<usize>k * <usize>(few + 1)) << 3)));
    put(ascent, k, isThere ? own : 0.0);
    put(alphas, k, isThere ? alpha : 0.0);
    put(bounds, k, isThere ? bound : 0.0);
    put(signs, k, isThere ? sign : -1.0);
    noteFreedom(k);
  }
  solve(part, few, MOVING_STEPS * few);
  for (let k: i32 = 0; k < count; k++) {
    const i = listed(list, k);
    layOut(inner, few);
    const alpha = at(alphas, k);
    layOut(state, size);
    const change = at(signs, i) * (alpha - at(alphas, i));
    put(alphas, i, alpha);
    noteFreedom(i);
    if (change === 0.0) continue;
    const by = f64x2.splat(change);
    const row = kernel + ((<usize>i * <usize>size) << 3);
    for (let j: usize = 0; j < doubles(size); j += 16) {
      v128.store(ascent + j, f64x2.sub(v128.load(ascent + j), f64x2.mul(by, v128.load(row + j))));
    }
  }
}

/**
 * The place of the greatest of four values, the first of those that are equal; −1 where there is none.
 *
 * @param counted - places from one on, as of the first two of each four; 0 where there is none
 */
@inline
function greatest(most: v128, counted: v128, otherMost: v128, otherCounted: v128): i32 {
  const places = f64x2.sub(counted, f64x2.splat(1.0));
  const otherPlaces = f64x2.add(otherCounted, f64x2.splat(1.0));
  const swap = v128.or(
    f64x2.gt(otherMost, most),
    v128.and(f64x2.eq(otherMost, most), f64x2.lt(otherPlaces, places)),
  );
  const best = v128.bitselect(otherMost, most, swap);
  const its = v128.bitselect(otherPlaces, places, swap);
  const a = f64x2.extract_lane(best, 0);
  const b = f64x2.extract_lane(best, 1);
  const placeOfA = f64x2.extract_lane(its, 0);
  const placeOfB = f64x2.extract_lane(its, 1);
  const place = b > a || (b === a && placeOfB < placeOfA) ? placeOfB : placeOfA;
  return max(a, b) === -Infinity ? -1 : <i32>place;
}

/**
 * Lets `ascent` fall by a multiple of the difference of two rows of the kernel.
 *
 * @returns the item whose yᵢ αᵢ gains most by growing then; −1 when none may
 */
function descend(a: usize, b: usize, size: i32, length: f64): i32 {
  const by = f64x2.splat(length);
  const nothing = f64x2.splat(-Infinity);
  const four = f64x2.splat(4.0);
  const values = ascent;
  const rise = mayRise;
  let most = nothing;
  let otherMost = nothing;
  // The places of the first two of each four, counted from one: the latest met that was greater is the greatest of them.
  let places = f64x2.splat(0.0);
  let otherPlaces = places;
  let here = f64x2(1.0, 2.0);
  for (let k: usize = 0; k < doubles(size); k += 32) {
    const change = f64x2.mul(by, f64x2.sub(v128.load(a + k), v128.load(b + k)));
    const otherChange = f64x2.mul(by, f64x2.sub(v128.load(a + k, 16), v128.load(b + k, 16)));
    const value = f64x2.sub(v128.load(values + k), change);
    const other = f64x2.sub(v128.load(values + k, 16), otherChange);
    v128.store(values + k, value);
    v128.store(values + k, other, 16);
    const open = f64x2.pmin(v128.load(rise + k), value);
    const otherOpen = f64x2.pmin(v128.load(rise + k, 16), other);
    places = f64x2.pmax(places, v128.and(here, f64x2.gt(open, most)));
    otherPlaces = f64x2.pmax(otherPlaces, v128.and(here, f64x2.gt(otherOpen, otherMost)));
    most = f64x2.pmax(most, open);
    otherMost = f64x2.pmax(otherMost, otherOpen);
    here = f64x2.add(here, four);
  }
  return greatest(most, places, otherMost, otherPlaces);
}

/** The item that gains most by shrinking while `rising` grows; −1 when the conditions hold to tolerance. */
function partner(kernel: usize, size: i32, rising: i32): i32 {
  const zero = f64x2.splat(0.0);
  const tiny = f64x2.splat(TINY_CURVATURE);
  const row = kernel + ((<usize>rising * <usize>size) << 3);
  const top = f64x2.splat(at(ascent, rising));
  const own = f64x2.splat(at(diagonal, rising));
  const values = ascent;
  const open = mayFall;
  const curvatures = diagonal;
  const four = f64x2.splat(4.0);
  let most = zero;
  let otherMost = zero;
  // The places of the first two of each four, counted from one: the latest met that was greater is the greatest of them.
  let places = f64x2.splat(0.0);
  let otherPlaces = places;
  let here = f64x2(1.0, 2.0);
  let farthest = zero;
  let otherFarthest = zero;
  for (let j: usize = 0; j < doubles(size); j += 32) {
    // Zero where nothing is gained.
    const difference = f64x2.pmax(zero, v128.and(f64x2.sub(top, v128.load(values + j)), v128.load(open + j)));
    const other = f64x2.pmax(
      zero,
      v128.and(f64x2.sub(top, v128.load(values + j, 16)), v128.load(open + j, 16)),
    );
    farthest = f64x2.pmax(farthest, difference);
    otherFarthest = f64x2.pmax(otherFarthest, other);
    const shared = v128.load(row + j);
    const otherShared = v128.load(row + j, 16);
    const raw = f64x2.sub(f64x2.add(own, v128.load(curvatures + j)), f64x2.add(shared, shared));
    const otherRaw = f64x2.sub(
      f64x2.add(own, v128.load(curvatures + j, 16)),
      f64x2.add(otherShared, otherShared),
    );
    const gain = f64x2.div(f64x2.mul(difference, difference), f64x2.pmax(tiny, raw));
    const otherGain = f64x2.div(f64x2.mul(other, other), f64x2.pmax(tiny, otherRaw));
    places = f64x2.pmax(places, v128.and(here, f64x2.gt(gain, most)));
    otherPlaces = f64x2.pmax(otherPlaces, v128.and(here, f64x2.gt(otherGain, otherMost)));
    most = f64x2.pmax(most, gain);
    otherMost = f64x2.pmax(otherMost, otherGain);
    here = f64x2.add(here, four);
  }
  farthest = f64x2.pmax(farthest, otherFarthest);
  const violation = max(f64x2.extract_lane(farthest, 0), f64x2.extract_lane(farthest, 1));
  return violation < TOLERANCE ? -1 : greatest(most, places, otherMost, otherPlaces);
}

/** Moves the pair to its optimum within bounds; what it returns is what rises next. */
function moveAlong(kernel: usize, size: i32, rising: i32, falling: i32): i32 {
  const a = kernel + ((<usize>rising * <usize>size) << 3);
  const b = kernel + ((<usize>falling * <usize>size) << 3);
  const raw = at(diagonal, rising) + at(diagonal, falling) - 2.0 * load<f64>(a + doubles(falling));
  const wanted = (at(ascent, rising) - at(ascent, falling)) / (raw > 0.0 ? raw : TINY_CURVATURE);
  const canGrow = at(signs, rising) > 0.0;
  const canShrink = at(signs, falling) > 0.0;
  const roomUp = canGrow ? at(bounds, rising) - at(alphas, rising) : at(alphas, rising);
  const roomDown = canShrink ? at(alphas, falling) : at(bounds, falling) - at(alphas, falling);
  const length = min(wanted, min(roomUp, roomDown));
  // A step that uses up its room ends on the bound itself, not a rounding error beside it.
  if (length === roomUp) put(alphas, rising, canGrow ? at(bounds, rising) : 0.0);
  else put(alphas, rising, at(alphas, rising) + at(signs, rising) * length);
  if (length === roomDown) put(alphas, falling, canShrink ? 0.0 : at(bounds, falling));
  else put(alphas, falling, at(alphas, falling) - at(signs, falling) * length);
  noteFreedom(rising);
  noteFreedom(falling);
  return descend(a, b, size, length);
}

/** The bias: the mean of `ascent` over items strictly within bounds, else the middle of what is feasible. */
function bias(size: i32): f64 {
  let sum: f64 = 0.0;
  let free: i32 = 0;
  let upper: f64 = Infinity;
  let lower: f64 = -Infinity;
  for (let i: i32 = 0; i < size; i++) {
    const bound = at(bounds, i);
    if (bound === 0.0) continue;
    const alpha = at(alphas, i);
    const own = at(ascent, i);
    if (alpha > 0.0 && alpha < bound) {
      sum += own;
      free++;
    } else if (rises(i)) lower = max(lower, own);
    else upper = min(upper, own);
  }
  return free > 0 ? sum / <f64>free : (upper + lower) / 2.0;
}
