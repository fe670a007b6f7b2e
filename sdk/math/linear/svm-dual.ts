/** A trained two-class support vector machine: decision(x) = Σ weights[i] · k(x, xᵢ) + bias. */
export interface SvmDual {
  /** yᵢ αᵢ per training item; zero where it is no support vector. */
  readonly weights: Float64Array;
  readonly bias: number;
}

/** The largest violation of the optimality conditions that counts as none (as in LIBSVM). */
const TOLERANCE = 1e-3;
/** Stands in for a curvature that is not positive (as in LIBSVM). */
const TINY_CURVATURE = 1e-12;
/** No problem of ordinary size comes near it (as in LIBSVM). */
const MOST_STEPS = 10_000_000;

/** The state of the optimization. */
interface Dual {
  readonly kernel: Float64Array;
  /** The kernel's diagonal, kept apart: read in every step, it would be scattered over the whole matrix. */
  readonly diagonal: Float64Array;
  readonly signs: Float64Array;
  readonly bounds: Float64Array;
  readonly alpha: Float64Array;
  /** −yᵢ ∇ᵢ of the objective: what the optimality conditions and the steps are written in. */
  readonly ascent: Float64Array;
  /** 1 where yᵢ αᵢ may still grow. */
  readonly mayRise: Uint8Array;
  /** 1 where yᵢ αᵢ may still shrink. */
  readonly mayFall: Uint8Array;
}

/**
 * Solves the dual of the soft-margin support vector classifier by sequential minimal optimization, the working
 * pair chosen by second-order information (Fan, Chen & Lin 2005, JMLR 6:1889), on a kernel matrix held in memory.
 * Stops at the same tolerance as LIBSVM.
 *
 * @param kernel - n × n, row-major, symmetric
 * @param signs - +1 or −1 per item
 * @param bounds - the cost C of each item, which bounds its α
 */
export function solveSvmDual(kernel: Float64Array, signs: Float64Array, bounds: Float64Array): SvmDual {
  const n = signs.length;
  const alpha = new Float64Array(n);
  const dual: Dual = {
    kernel,
    diagonal: signs.map((_, i) => kernel[i * n + i]),
    signs,
    bounds,
    alpha,
    ascent: Float64Array.from(signs),
    mayRise: Uint8Array.from(signs, (sign) => (sign > 0 ? 1 : 0)),
    mayFall: Uint8Array.from(signs, (sign) => (sign > 0 ? 0 : 1)),
  };
  let rising = steepest(dual);
  for (let step = 0; step < MOST_STEPS; step++) {
    const falling = rising < 0 ? -1 : partner(dual, rising);
    if (falling < 0) break;
    rising = moveAlong(dual, rising, falling);
  }
  return { weights: alpha.map((value, i) => value * signs[i]), bias: biasOf(dual) };
}

/** The item whose yᵢ αᵢ gains most by growing; −1 when none may. */
function steepest({ ascent, mayRise }: Dual): number {
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
function partner({ kernel, diagonal, ascent, mayFall }: Dual, rising: number): number {
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
    const gain = (difference * difference) / (curvature > 0 ? curvature : TINY_CURVATURE);
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
function moveAlong(dual: Dual, rising: number, falling: number): number {
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

/** Brings `mayRise` and `mayFall` of one item up to date. */
function noteFreedom({ signs, bounds, alpha, mayRise, mayFall }: Dual, i: number): void {
  const canGrow = alpha[i] < bounds[i] ? 1 : 0;
  const canShrink = alpha[i] > 0 ? 1 : 0;
  mayRise[i] = signs[i] > 0 ? canGrow : canShrink;
  mayFall[i] = signs[i] > 0 ? canShrink : canGrow;
}

/** The bias: the mean of `ascent` over items strictly within bounds, else the middle of what is feasible. */
function biasOf(dual: Dual): number {
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
