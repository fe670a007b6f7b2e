/** A point and the value there. */
interface Point {
  readonly at: number;
  readonly value: number;
}

/** Of the point itself: closer than this the two ends count as one. */
const closest = 1e-12;

/**
 * Finds where a function is 0 between two points, below 0 at the first and not at the second, to the rounding of either: by
 * secants that keep the zero between them (the Illinois algorithm, Dowell & Jarratt 1971, BIT 11:168). No step is shorter than the
 * rounding, so that an end that is at the zero already does not wait for the other to come near.
 *
 * @param ends - the two points, with the values there
 */
export function levelPoint(value: (at: number) => number, ends: readonly Point[]): number {
  let [low, high] = ends;
  if (high.value === 0) return high.at;
  let side = 0;
  for (let step = 0; step < 100; step++) {
    const width = high.at - low.at;
    const least = closest * Math.abs(high.at);
    if (width <= least) break;
    const secant = high.at - (high.value * width) / (high.value - low.value);
    const inside = Math.min(Math.max(secant, low.at + least / 2), high.at - least / 2);
    const at = secant >= low.at && secant <= high.at ? inside : low.at + width / 2;
    const own = value(at);
    if (own === 0) return at;
    const below = own < 0 ? -1 : 1;
    // An end that stays a second time counts for half: else it would stay for good where the function bends.
    const kept = below === side ? 0.5 : 1;
    if (below < 0) {
      low = { at, value: own };
      high = { at: high.at, value: kept * high.value };
    } else {
      high = { at, value: own };
      low = { at: low.at, value: kept * low.value };
    }
    side = below;
  }
  return low.at + (high.at - low.at) / 2;
}
