/** Values of which a share of a whole is: how much of it, and their quantiles. */
export interface QuantilesPart {
  /** Above 0, in any unit. */
  readonly weight: number;
  /** At the levels of the whole, ascending. */
  readonly quantiles: readonly number[];
}

/** Halvings of the stretch in which a quantile is searched: to the last bits of what is between the extremes. */
const halvings = 50;

/**
 * The quantiles of several sets of values together, from the quantiles of each: where the distribution function of the
 * whole, which is the mean of those of its parts, reaches a level. Between quantiles values are taken to be spread evenly,
 * beyond the first and the last as between them and their neighbors.
 *
 * @param levels - from 0 to 1, ascending, two or more
 */
export function mixedQuantiles(
  levels: readonly number[],
  parts: readonly QuantilesPart[],
): readonly number[] {
  if (parts.length === 1) return parts[0].quantiles;
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const below = (value: number): number =>
    parts.reduce((sum, { weight, quantiles }) => sum + weight * shareBelow(value, levels, quantiles), 0) /
    total;
  return levels.map((level, i) => {
    // The quantile of the whole is between those of its parts.
    let low = Math.min(...parts.map(({ quantiles }) => quantiles[i]));
    let high = Math.max(...parts.map(({ quantiles }) => quantiles[i]));
    for (let round = 0; round < halvings && low < high; round++) {
      const middle = (low + high) / 2;
      if (below(middle) < level) low = middle;
      else high = middle;
    }
    return high;
  });
}

/** The share of values below one, by their quantiles. */
function shareBelow(value: number, levels: readonly number[], quantiles: readonly number[]): number {
  const last = levels.length - 1;
  // The last quantile at or below the value, or the first: what is beyond the ends continues their stretch.
  let at = 0;
  while (at < last - 1 && quantiles[at + 1] <= value) at++;
  const [from, to] = [quantiles[at], quantiles[at + 1]];
  if (to === from) return value < from ? 0 : value > to ? 1 : levels[at + 1];
  const share = levels[at] + ((levels[at + 1] - levels[at]) * (value - from)) / (to - from);
  return Math.min(1, Math.max(0, share));
}
