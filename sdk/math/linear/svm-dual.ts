import { stepFree } from './svm-free';
import type { SvmItems } from './svm-inside';
import { settleInside } from './svm-inside';
import type { SvmState } from './svm-state';
import { noteFreedom } from './svm-state';

/** A trained two-class support vector machine: decision(x) = Σ weights[i] · k(x, xᵢ) + bias. */
export interface SvmDual {
  /** yᵢ αᵢ per training item; zero where it is no support vector. */
  readonly weights: Float64Array;
  readonly bias: number;
}

/** The largest violation of the optimality conditions that counts as none (as in LIBSVM). */
const TOLERANCE = 1e-3;
/** Stands in for a curvature that is not positive (as in LIBSVM); in the choice of a partner for any that is less. */
const TINY_CURVATURE = 1e-12;
/** So many steps for each item are taken with all items before those that may move are sought; later on half a step. */
const FIRST_STEPS = 2;
/** So many steps for each item are taken at most with those that may move alone. */
const MOVING_STEPS = 8;
/** So many steps follow each other in which all free items move at once, where they are few. */
const FREE_STEPS = 4;
/** No problem of ordinary size comes near it. */
const MOST_ROUNDS = 50_000;

/**
 * Solves the dual of the soft-margin support vector classifier by sequential minimal optimization, the working
 * pair chosen by second-order information (Fan, Chen & Lin 2005, JMLR 6:1889), on a kernel matrix held in memory; where that
 * is slow, by steps of all free items at once in between. Stops at the same tolerance as LIBSVM.
 *
 * @param kernel - n × n, row-major, symmetric
 * @param signs - +1 or −1 per item
 * @param bounds - the cost C of each item, which bounds its α
 * @param items - what the kernel's inner products are of, if they are: where there are many for their values, and pairs are
 * slow, an interior-point method finds which items end on a bound
 */
export function solveSvmDual(
  kernel: Float64Array,
  signs: Float64Array,
  bounds: Float64Array,
  items?: SvmItems,
): SvmDual {
  const n = signs.length;
  const firsts = signs.reduce((count, sign) => count + Number(sign > 0), 0);
  const alpha = new Float64Array(n);
  const dual: SvmState = {
    kernel,
    diagonal: signs.map((_, i) => kernel[i * n + i]),
    signs,
    bounds,
    alpha,
    ascent: Float64Array.from(signs),
    mayRise: Uint8Array.from(signs, (sign) => (sign > 0 ? 1 : 0)),
    mayFall: Uint8Array.from(signs, (sign) => (sign > 0 ? 0 : 1)),
  };
  // Many items end on a bound and stay there: those that may still move are solved for alone, where they are few. Where
  // they are many, they move at once, less often where a bound was in the way.
  const filled = filledUp(firsts) + filledUp(n - firsts);
  let pause = 1;
  let due = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let steps = round === 0 ? FIRST_STEPS * filled : filled >> 1;
    if (round === 0 && items !== undefined && isNarrow(items.width, filled)) {
      const few = filled >> 2;
      if (solve(dual, few)) break;
      steps -= few;
      if (!hasMovedMany(alpha, filled) && solve(dual, steps)) break;
      if (settleInside(dual, items)) {
        stepFreely(dual);
        steps = filled >> 1;
      }
    }
    if (solve(dual, steps)) break;
    const moving = movingItems(dual);
    if (moving.length <= filled >> 1) {
      solveMoving(dual, moving);
      stepFreely(dual);
    } else if (round >= due) {
      pause = stepFree(dual) ? 2 * pause : 1;
      due = round + pause;
    }
  }
  return { weights: alpha.map((value, i) => value * signs[i]), bias: biasOf(dual) };
}

/** Whether items are many enough for their values. */
function isNarrow(width: number, filled: number): boolean {
  return 2 * (width + 1) <= filled;
}

/**
 * Whether a quarter of the items have moved in a quarter as many steps of two: where classes are apart, steps come back to the
 * same few items, and where they hardly differ, most steps meet items that have not moved before.
 */
function hasMovedMany(alpha: Float64Array, filled: number): boolean {
  return 4 * alpha.reduce((count, own) => count + Number(own > 0), 0) > filled;
}

/** Moves all free items some times, as long as a bound is in the way. */
function stepFreely(dual: SvmState): void {
  for (let step = 0; step < FREE_STEPS; step++) if (!stepFree(dual)) return;
}

/** Kernels in WebAssembly fill classes up to a multiple of four, which steps are counted by. */
function filledUp(count: number): number {
  return 4 * Math.ceil(count / 4);
}

/** Takes steps until the conditions hold, so many at most; whether they hold. */
function solve(dual: SvmState, steps: number): boolean {
  let rising = steepest(dual);
  for (let step = 0; step < steps; step++) {
    const falling = rising < 0 ? -1 : partner(dual, rising);
    if (falling < 0) return true;
    rising = moveAlong(dual, rising, falling);
  }
  return false;
}

/**
 * The items that may still move: those strictly within bounds, and those on a bound that some other item would pair with
 * (the rule by which LIBSVM shrinks: Fan, Chen & Lin 2005, section 5).
 */
function movingItems({ ascent, mayRise, mayFall }: SvmState): Int32Array {
  let most = -Infinity;
  let least = Infinity;
  for (let i = 0; i < ascent.length; i++) {
    if (mayRise[i] === 1) most = Math.max(most, ascent[i]);
    if (mayFall[i] === 1) least = Math.min(least, ascent[i]);
  }
  return Int32Array.from(ascent.keys()).filter(
    (i) =>
      (mayRise[i] === 1 && (mayFall[i] === 1 || ascent[i] >= least)) ||
      (mayFall[i] === 1 && ascent[i] <= most),
  );
}

/** Solves for some items with all others left as they are, and brings `ascent` of all up to date. */
function solveMoving({ kernel, ...all }: SvmState, moving: Int32Array): void {
  const n = all.alpha.length;
  const few = moving.length;
  const of = (values: Float64Array): Float64Array => Float64Array.from(moving, (i) => values[i]);
  const part: SvmState = {
    kernel: new Float64Array(few * few),
    diagonal: of(all.diagonal),
    signs: of(all.signs),
    bounds: of(all.bounds),
    alpha: of(all.alpha),
    ascent: of(all.ascent),
    mayRise: Uint8Array.from(moving, (i) => all.mayRise[i]),
    mayFall: Uint8Array.from(moving, (i) => all.mayFall[i]),
  };
  moving.forEach((i, k) => moving.forEach((j, l) => (part.kernel[k * few + l] = kernel[i * n + j])));
  solve(part, MOVING_STEPS * filledUp(few));
  moving.forEach((i, k) => {
    const change = all.signs[i] * (part.alpha[k] - all.alpha[i]);
    all.alpha[i] = part.alpha[k];
    noteFreedom({ ...all, kernel }, i);
    if (change === 0) return;
    for (let j = 0, cell = i * n; j < n; j++) all.ascent[j] -= change * kernel[cell++];
  });
}

/** The item whose yᵢ αᵢ gains most by growing; −1 when none may. */
function steepest({ ascent, mayRise }: SvmState): number {
  let best = -1;
  let most = -Infinity;
  for (let i = 0; i < ascent.length; i++) {
    if (ascent[i] > most && mayRise[i] === 1) {
      most = ascent[i];
      best = i;
    }
  }
  return best;
}

/** The item that gains most by shrinking while `rising` grows; −1 when the conditions hold to tolerance. */
function partner({ kernel, diagonal, ascent, mayFall }: SvmState, rising: number): number {
  const row = rising * ascent.length;
  const top = ascent[rising];
  let best = -1;
  let most = -Infinity;
  let lowest = Infinity;
  for (let j = 0; j < ascent.length; j++) {
    const difference = top - ascent[j];
    if (difference <= 0 || mayFall[j] === 0) continue;
    if (ascent[j] < lowest) lowest = ascent[j];
    const curvature = diagonal[rising] + diagonal[j] - 2 * kernel[row + j];
    const gain = (difference * difference) / Math.max(curvature, TINY_CURVATURE);
    if (gain > most) {
      most = gain;
      best = j;
    }
  }
  return top - lowest < TOLERANCE ? -1 : best;
}

/**
 * Moves the pair to its optimum within bounds and brings `ascent` up to date.
 *
 * @returns what is steepest then, found on the same way through the items
 */
function moveAlong(dual: SvmState, rising: number, falling: number): number {
  const { kernel, diagonal, signs, bounds, alpha, ascent, mayRise } = dual;
  const n = signs.length;
  const curvature = diagonal[rising] + diagonal[falling] - 2 * kernel[rising * n + falling];
  const wanted = (ascent[rising] - ascent[falling]) / (curvature > 0 ? curvature : TINY_CURVATURE);
  const roomUp = signs[rising] > 0 ? bounds[rising] - alpha[rising] : alpha[rising];
  const roomDown = signs[falling] > 0 ? alpha[falling] : bounds[falling] - alpha[falling];
  const move = Math.min(wanted, roomUp, roomDown);
  // A step that uses up its room ends on the bound itself, not a rounding error beside it.
  if (move === roomUp) alpha[rising] = signs[rising] > 0 ? bounds[rising] : 0;
  else alpha[rising] += signs[rising] * move;
  if (move === roomDown) alpha[falling] = signs[falling] > 0 ? 0 : bounds[falling];
  else alpha[falling] -= signs[falling] * move;
  noteFreedom(dual, rising);
  noteFreedom(dual, falling);
  const a = rising * n;
  const b = falling * n;
  let best = -1;
  let most = -Infinity;
  for (let k = 0; k < n; k++) {
    const value = ascent[k] - move * (kernel[a + k] - kernel[b + k]);
    ascent[k] = value;
    if (value > most && mayRise[k] === 1) {
      most = value;
      best = k;
    }
  }
  return best;
}

/** The bias: the mean of `ascent` over items strictly within bounds, else the middle of what is feasible. */
function biasOf(dual: SvmState): number {
  const { alpha, bounds, ascent } = dual;
  let sum = 0;
  let free = 0;
  let upper = Infinity;
  let lower = -Infinity;
  for (let i = 0; i < alpha.length; i++) {
    if (alpha[i] > 0 && alpha[i] < bounds[i]) {
      sum += ascent[i];
      free++;
    } else if (dual.mayRise[i] === 1) lower = Math.max(lower, ascent[i]);
    else upper = Math.min(upper, ascent[i]);
  }
  return free > 0 ? sum / free : (upper + lower) / 2;
}
