import type { Factor } from './svm-free';
import { backwards, factorize, forwards } from './svm-free';
import type { SvmState } from './svm-state';
import { noteFreedom } from './svm-state';

/** The items of a machine whose kernel is their inner products. */
export interface SvmItems {
  /** Items × width, row-major. */
  readonly values: Float64Array;
  readonly width: number;
}

/** It has come near enough when the mean product of an α's distance from a bound and that bound's multiplier is this share of the mean C. */
const NEAR = 1e-5;
/** It takes a dozen or so; what takes more than these is left to pairs. */
const MOST_STEPS = 40;
/** So much of the way to the nearest bound is gone, so that no α ends on it. */
const STEP_SHARE = 0.995;

/** Where the way through the inside of the bounds has come to. */
interface Inside {
  readonly alpha: Float64Array;
  /** The multipliers of the bounds 0 and C, positive. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** What the machine decides of each item. */
  readonly decided: Float64Array;
  /** The weight of each value, and the bias. */
  readonly weights: Float64Array;
}

/** A change of what {@link Inside} holds. */
type Change = Inside;

/**
 * Solves the dual of a linear machine by an interior-point method (Mehrotra 1992, SIAM J Optim 2:575; for such machines Ferris &
 * Munson 2002, SIAM J Optim 13:783): where classes hardly differ and items are many for their values, as in harmonized tables,
 * pairs take thousands of steps to find which items end on a bound, and this a dozen. Each step solves a system of the size of an
 * item. What has come near a bound is put on it, so that free items can move to the optimum from there.
 *
 * @returns whether `state` is there; else it is as it was
 */
export function settleInside(state: SvmState, items: SvmItems): boolean {
  const { bounds } = state;
  const count = bounds.length;
  const near = (NEAR * bounds.reduce((sum, bound) => sum + bound, 0)) / count;
  const at = startInside(state, items);
  for (let step = 0; step < MOST_STEPS; step++) {
    const gap = gapAfter(at, undefined, { bounds, length: 0 }) / (2 * count);
    if (gap < near) return putOnBounds(state, at);
    const ease = at.alpha.map((alpha, i) => 1 / (at.low[i] / alpha + at.high[i] / (bounds[i] - alpha)));
    const factor = factorOfEase(items, ease);
    const straight = changeTo(state, items, { at, ease, factor, target: 0 });
    const reached = gapAfter(at, straight, { bounds, length: Math.min(1, roomFor(at, straight, bounds)) });
    const left = reached / (2 * count) / gap;
    const change = changeTo(state, items, { at, ease, factor, target: left * left * left * gap, straight });
    const length = Math.min(1, STEP_SHARE * roomFor(at, change, bounds));
    if (!(length > 0)) return false;
    for (const part of ['alpha', 'low', 'high', 'decided', 'weights'] as const)
      change[part].forEach((by, i) => (at[part][i] += length * by));
  }
  return false;
}

function startInside({ signs, bounds }: SvmState, items: SvmItems): Inside {
  const alpha = bounds.map((bound) => 0.5 * bound);
  const weights = transposed(
    items,
    alpha.map((value, i) => value * signs[i]),
  );
  weights[items.width] = 0;
  const decided = decisionsOf(items, weights);
  const slope = decided.map((value, i) => signs[i] * value - 1);
  return {
    alpha,
    low: slope.map((value) => Math.max(value, 0) + 1),
    high: slope.map((value) => Math.max(-value, 0) + 1),
    decided,
    weights,
  };
}

/** The sum of each value over items by their factors, and the sum of factors. */
function transposed({ values, width }: SvmItems, factors: Float64Array): Float64Array {
  const sums = new Float64Array(width + 1);
  for (let i = 0, cell = 0; i < factors.length; i++) {
    for (let k = 0; k < width; k++) sums[k] += factors[i] * values[cell++];
    sums[width] += factors[i];
  }
  return sums;
}

/** What weights and bias decide of each item. */
function decisionsOf({ values, width }: SvmItems, weights: Float64Array): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, i) => {
    let sum = 0;
    for (let k = 0, cell = i * width; k < width; k++) sum += weights[k] * values[cell++];
    return sum + weights[width];
  });
}

/** The factor of what the changes of weights and bias solve: the products of values over items by their ease, and one for each weight. */
function factorOfEase({ values, width }: SvmItems, ease: Float64Array): Factor {
  const size = width + 1;
  const kernel = new Float64Array(size * size);
  const value = (i: number, k: number): number => (k < width ? values[i * width + k] : 1);
  for (let k = 0; k < size; k++) {
    const eased = ease.map((own, i) => own * value(i, k));
    for (let l = 0; l <= k; l++) {
      let sum = 0;
      for (let i = 0; i < ease.length; i++) sum += value(i, l) * eased[i];
      kernel[l * size + k] = k === l && k < width ? sum + 1 : sum;
    }
  }
  const diagonal = Float64Array.from({ length: size }, (_, k) => kernel[k * size + k]);
  return factorize({ kernel, diagonal }, Int32Array.from(diagonal.keys()));
}

/** The change that brings all products of a multiplier and its α's distance from its bound to a target. */
function changeTo(
  { signs, bounds }: SvmState,
  items: SvmItems,
  {
    at,
    ease,
    factor,
    target,
    straight,
  }: {
    readonly at: Inside;
    readonly ease: Float64Array;
    readonly factor: Factor;
    readonly target: number;
    /** The change to zero, whose own products are made up for. */
    readonly straight?: Change;
  },
): Change {
  const lowTarget = bounds.map((_, i) => (straight ? target - straight.alpha[i] * straight.low[i] : target));
  const highTarget = bounds.map((_, i) =>
    straight ? target + straight.alpha[i] * straight.high[i] : target,
  );
  const wanted = bounds.map((bound, i) => {
    const own = lowTarget[i] / at.alpha[i] - highTarget[i] / (bound - at.alpha[i]);
    return signs[i] - at.decided[i] + signs[i] * own;
  });
  const right = transposed(
    items,
    wanted.map((own, i) => ease[i] * own + signs[i] * at.alpha[i]),
  );
  for (let k = 0; k < items.width; k++) right[k] -= at.weights[k];
  const weights = forwards(factor, right);
  backwards(factor, weights);
  const decided = decisionsOf(items, weights);
  const alpha = bounds.map((_, i) => signs[i] * (ease[i] * (wanted[i] - decided[i])));
  return {
    alpha,
    low: alpha.map((by, i) => (lowTarget[i] - at.low[i] * by) / at.alpha[i] - at.low[i]),
    high: alpha.map((by, i) => (highTarget[i] + at.high[i] * by) / (bounds[i] - at.alpha[i]) - at.high[i]),
    decided,
    weights,
  };
}

/** How many times a change can be made before the first α, or the first multiplier, is at a bound. */
function roomFor(at: Inside, change: Change, bounds: Float64Array): number {
  let room = Infinity;
  for (let i = 0; i < bounds.length; i++) {
    const by = change.alpha[i];
    if (by < 0) room = Math.min(room, -at.alpha[i] / by);
    if (by > 0) room = Math.min(room, (bounds[i] - at.alpha[i]) / by);
    if (change.low[i] < 0) room = Math.min(room, -at.low[i] / change.low[i]);
    if (change.high[i] < 0) room = Math.min(room, -at.high[i] / change.high[i]);
  }
  return room;
}

/** The sum of the products of multipliers and distances from bounds after some of a change. */
function gapAfter(
  at: Inside,
  change: Change | undefined,
  { bounds, length }: { readonly bounds: Float64Array; readonly length: number },
): number {
  let gap = 0;
  for (let i = 0; i < bounds.length; i++) {
    const alpha = at.alpha[i] + length * (change?.alpha[i] ?? 0);
    const low = at.low[i] + length * (change?.low[i] ?? 0);
    const high = at.high[i] + length * (change?.high[i] ?? 0);
    gap += low * alpha + high * (bounds[i] - alpha);
  }
  return gap;
}

/** Puts every α on the bound that it is near to; what yα then lack of a sum of zero is shared by those that are near none. */
function putOnBounds(state: SvmState, { alpha, low, high }: Inside): boolean {
  const { bounds, signs } = state;
  const ended = alpha.map((own, i) => {
    if (own < low[i] * bounds[i]) return 0;
    return bounds[i] - own < high[i] * bounds[i] ? bounds[i] : own;
  });
  let sum = 0;
  let free = 0;
  ended.forEach((own, i) => {
    sum += signs[i] * own;
    if (own > 0 && own < bounds[i]) free++;
  });
  for (let i = 0; i < ended.length; i++) {
    if (ended[i] <= 0 || ended[i] >= bounds[i]) continue;
    const moved = Math.min(bounds[i], Math.max(0, ended[i] - (signs[i] * sum) / free));
    sum += signs[i] * (moved - ended[i]);
    ended[i] = moved;
    free--;
  }
  if (!(Math.abs(sum) < 1e-14 * ended.length)) return false;
  state.alpha.set(ended);
  state.ascent.set(signs);
  const count = ended.length;
  for (let i = 0; i < count; i++) {
    noteFreedom(state, i);
    const own = signs[i] * ended[i];
    if (own === 0) continue;
    for (let j = 0, cell = i * count; j < count; j++) state.ascent[j] -= own * state.kernel[cell++];
  }
  return true;
}
