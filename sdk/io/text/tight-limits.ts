/** Where the values of a column are. */
export interface Shape {
  readonly low: number;
  readonly high: number;
  readonly median: number;
  /** The robust standard deviation. */
  readonly spread: number;
}

/** The shape of sorted values. */
export function shapeOf(sorted: Float64Array): Shape {
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))];
  const low = at(0);
  const high = at(1);
  const median = at(0.5);
  const quartiles = (at(0.75) - at(0.25)) / 1.349;
  return { low, high, median, spread: quartiles > 0 ? quartiles : (high - low) / 4 };
}

interface Limits {
  readonly least: number;
  readonly most: number;
}

/** Within what limits the values of a positive measure that varies little may be. */
export interface TightLimits {
  /** Of any value. */
  readonly any: Limits;
  /** Of a value that is another one with its decimal sign lost or moved. */
  readonly slips: Limits;
  /** Where most of the values are. */
  readonly usual: Limits;
}

/**
 * Within what limits the values of a positive measure that varies little may be: up to 12 robust standard deviations from
 * the median, and up to the range of the rest from the rest, or as far as its tails reach where that is further. For slips
 * of a decimal sign, tails do not count, and twice the range does above the rest; below zero, half of the range does.
 * `undefined` where the sorted values are not those of such a measure, fewer than 10, or more than one in twenty is out.
 */
export function tightLimits(sorted: Float64Array): TightLimits | undefined {
  if (sorted.length < 10) return undefined;
  const { median, spread } = shapeOf(sorted);
  if (median <= 5 * spread) return undefined;
  const below = median - 12 * spread;
  const above = median + 12 * spread;
  const least = Math.max(0, below);
  let from = 0;
  let to = sorted.length;
  while (from < to && sorted[from] < least) from++;
  while (to > from && sorted[to - 1] > above) to--;
  const near = sorted.subarray(from, to);
  const out = sorted.length - near.length;
  if (near.length === 0 || near[0] <= 0 || out > Math.max(1, 0.05 * sorted.length)) return undefined;
  // A gap as well: what ends a skewed tail is not far from the rest.
  const low = near[0];
  const high = near[near.length - 1];
  const range = high - low;
  const limits = (down: number, up: number): Limits => ({
    least: Math.max(Math.min(below, low - Math.max(range, down)), Math.min(0, low - range / 2)),
    most: Math.max(above, high + Math.max(range, up)),
  });
  return {
    any: limits(
      tailReach(tailOf(near, (i) => median - near[near.length - 1 - i])),
      tailReach(tailOf(near, (i) => near[i] - median)),
    ),
    slips: limits(range, 2 * range),
    usual: { least: median - 2 * spread, most: median + 2 * spread },
  };
}

/** The last 15 % of some distances, and the one before them. */
function tailOf({ length }: Float64Array, away: (i: number) => number): Float64Array {
  const count = Math.min(length, Math.max(5, Math.round(0.15 * length)) + 1);
  const tail = new Float64Array(count);
  for (let i = 0; i < count; i++) tail[i] = away(length - count + i);
  return tail;
}

/**
 * How far from the furthest of some distances another may be that belongs to the same tail: where tails fall off as a power,
 * in one of about fifty samples it is further than the furthest times e⁴ᴴ. H is the index of the tail by Hill (1975, Annals
 * of Statistics 3:1163).
 *
 * @param tail - the upper 15 % of the distances from the median to one side, and the one before them, sorted
 */
function tailReach(tail: Float64Array): number {
  if (!(tail[0] > 0)) return 0;
  let sum = 0;
  for (let i = 0; i < tail.length; i++) sum += Math.log(tail[i] / tail[0]);
  const index = sum / (tail.length - 1);
  return tail[tail.length - 1] * (Math.exp(4 * index) - 1);
}

function isOutside(value: number, { least, most }: Limits): boolean {
  return value < least || value > most;
}

/** Whether a value is further out than a measure that varies little may be. */
export function isBeyond(value: number, limits: TightLimits | undefined): boolean {
  if (limits === undefined) return false;
  if (isOutside(value, limits.any)) return true;
  const slips = [0.001, 0.01, 0.1, 10, 100, 1000];
  return isOutside(value, limits.slips) && slips.some((factor) => !isOutside(value * factor, limits.usual));
}

/** Whether no value from the lowest to the highest is beyond such limits. */
export function areWithin(low: number, high: number, limits: TightLimits | undefined): boolean {
  if (limits === undefined) return true;
  return [limits.any, limits.slips].every((own) => !isOutside(low, own) && !isOutside(high, own));
}
