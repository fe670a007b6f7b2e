/**
 * Ranks from 1, equal values sharing the mean of theirs. Each value is looked up among the sorted ones: sorting numbers
 * is several times as fast as sorting positions by a comparison.
 *
 * @param values - none `NaN`
 */
export function midRanks(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  // The rank of each place in the order.
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    ranks.fill((from + 1 + to) / 2, from, to);
    from = to;
  }
  return values.map((value) => ranks[firstNotBelow(sorted, value)]);
}

/** The place of the first of ascending values that is not below one, by halving. */
function firstNotBelow(sorted: Float64Array, value: number): number {
  let from = 0;
  for (let length = sorted.length; length > 0;) {
    const half = length >> 1;
    if (sorted[from + half] < value) {
      from += half + 1;
      length -= half + 1;
    } else length = half;
  }
  return from;
}
