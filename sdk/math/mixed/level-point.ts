/** A point and the value there. */
interface Point {
  readonly at: number;
  readonly value: number;
}

/**
 * Finds where a function is 0 between two points, below 0 at the first and not at the second, to the rounding of either: by
 * secants that keep the zero between them (the Illinois algorithm, Dowell & Jarratt 1971, BIT 11:168).
 *
 * @param ends - the two points, with the values there
 */
export function levelPoint(value: (at: number) => number, ends: readonly Point[]): number {
  let [low, high] = ends;
  for (let step = 0; step < 100; step++) {
    if (high.value === 0) return high.at;
    const width = high.at - low.at;
    if (width <= 1e-12 * Math.abs(high.at)) break;
    const secant = high.at - (high.value * width) / (high.value - low.value);
    const at = secant > low.at && secant < high.at ? secant : low.at + width / 2;
    const own = value(at);
    if (own === 0) return at;
    if (own < 0) {
      if (step > 0) high = { at: high.at, value: high.value / 2 };
      low = { at, value: own };
    } else {
      if (step > 0) low = { at: low.at, value: low.value / 2 };
      high = { at, value: own };
    }
  }
  return low.at + (high.at - low.at) / 2;
}
