import { dot } from './dot';
import type { SvmState } from './svm-state';
import { noteFreedom } from './svm-state';

/** More free items than these are left to steps of pairs: the work grows with their third power. */
const MOST_FREE = 1000;
/** What is added to the diagonal, as a share of its mean, since items may depend on each other. */
const RIDGE = 1e-10;

/**
 * Moves the free items, which are those strictly within bounds, to their optimum, the others left as they are, or toward it
 * as far as the first bound: Newton's method on them. Where the kernel makes items much alike, as the inner products of
 * harmonized tables do, pairs come near the optimum in some ten thousand steps, and this in one or two.
 *
 * The change d of yα among them solves K d + λ 1 = ascent with Σ d = 0: by the Cholesky factor L of K, with the ridge,
 * d = L⁻ᵀ (L⁻¹ ascent − λ L⁻¹ 1). Rows go by fours as in the kernels, which give the same bits.
 *
 * @returns whether a bound was in the way
 */
export function stepFree(state: SvmState): boolean {
  const { ascent, mayRise, mayFall } = state;
  const free = Int32Array.from(ascent.keys()).filter((i) => mayRise[i] === 1 && mayFall[i] === 1);
  const count = free.length;
  if (count < 2 || count > MOST_FREE) return false;
  const factor = factorize(state, free);
  const target = forwards(
    factor,
    Float64Array.from(free, (i) => ascent[i]),
  );
  const ones = forwards(factor, new Float64Array(count).fill(1));
  const level = dot(ones, target) / dot(ones, ones);
  const change = target.map((value, k) => value - level * ones[k]);
  backwards(factor, change);
  return take(state, free, change);
}

/** The Cholesky factor of a matrix, without its diagonal, and one over that. */
export interface Factor {
  /** Row by row, what is before the diagonal. */
  readonly rows: readonly Float64Array[];
  readonly inverse: Float64Array;
}

/** Factors the kernel of some items, with the ridge. */
export function factorize(
  { kernel, diagonal }: Pick<SvmState, 'kernel' | 'diagonal'>,
  free: Int32Array,
): Factor {
  const ridge = (RIDGE * free.reduce((sum, i) => sum + diagonal[i], 0)) / free.length;
  const rows = Array.from(free, (_, k) => new Float64Array(k));
  const inverse = new Float64Array(free.length);
  free.forEach((i, k) => {
    const row = rows[k];
    for (let l = 0; l < k; l++)
      row[l] = leftOf(kernel[free[l] * diagonal.length + i], row, rows[l]) * inverse[l];
    inverse[k] = 1 / Math.sqrt(Math.max(leftOf(diagonal[i], row, row) + ridge, ridge));
  });
  return { rows, inverse };
}

/** A value less the products of a row with another, over the length of that: full fours at once, then one by one. */
function leftOf(value: number, row: Float64Array, other: Float64Array): number {
  const whole = other.length - (other.length % 4);
  let sum = 0;
  for (let j = 0; j < whole; j++) sum += row[j] * other[j];
  let left = value - sum;
  for (let j = whole; j < other.length; j++) left -= row[j] * other[j];
  return left;
}

/** Solves L x = right side. */
export function forwards({ rows, inverse }: Factor, right: Float64Array): Float64Array {
  const solution = new Float64Array(rows.length);
  rows.forEach((row, k) => (solution[k] = leftOf(right[k], solution, row) * inverse[k]));
  return solution;
}

/** Solves Lᵀ x = right side, in place. */
export function backwards({ rows, inverse }: Factor, values: Float64Array): void {
  const count = rows.length;
  for (let panel = 4 * Math.floor((count - 1) / 4); panel >= 0; panel -= 4) {
    for (let k = Math.min(panel + 3, count - 1); k >= panel; k--) {
      values[k] *= inverse[k];
      for (let l = panel; l < k; l++) values[l] -= values[k] * rows[k][l];
    }
    const part = (k: number, j: number): number => (k < count ? rows[k][j] * values[k] : 0);
    for (let j = 0; j < panel; j++) {
      values[j] -= part(panel, j) + part(panel + 2, j) + (part(panel + 1, j) + part(panel + 3, j));
    }
  }
}

/** Takes as much of a change as bounds allow, all of it at most, and brings `ascent` up to date. */
function take(state: SvmState, free: Int32Array, change: Float64Array): boolean {
  const { kernel, alpha, ascent, bounds, signs } = state;
  // Rounding must not add up: yα sums to zero.
  const mean = change.reduce((sum, by) => sum + by, 0) / change.length;
  const wanted = change.map((by) => by - mean);
  let length = 1;
  let first = -1;
  wanted.forEach((by, k) => {
    const i = free[k];
    const room = by > 0 === signs[i] > 0 ? bounds[i] - alpha[i] : alpha[i];
    if (by === 0 || room / Math.abs(by) >= length) return;
    length = room / Math.abs(by);
    first = k;
  });
  free.forEach((i, k) => {
    const own = length * wanted[k];
    if (k === first) alpha[i] = own > 0 === signs[i] > 0 ? bounds[i] : 0;
    else alpha[i] = Math.min(bounds[i], Math.max(0, alpha[i] + signs[i] * own));
    noteFreedom(state, i);
    for (let j = 0, cell = i * ascent.length; j < ascent.length; j++) ascent[j] -= own * kernel[cell++];
  });
  return first >= 0;
}
