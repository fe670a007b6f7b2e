/** Below this many values nothing is gained by buckets: sorting is part of V8, and need not be compiled first. */
const fewForBuckets = 1000;
/** So many values of one bucket are sorted by inserting one after the other; more of them are compared in pairs. */
const mostInserted = 32;

/**
 * Ranks from 1, equal values sharing the mean of theirs. Many values are dealt into as many buckets of equal width, which puts
 * them nearly in order (Knuth, "The art of computer programming" 3, section 5.2.1, address calculation sorting). Of few, each is
 * looked up among the sorted ones: sorting numbers is several times as fast as sorting positions by a comparison.
 *
 * @param values - none `NaN`
 */
export function midRanks(values: Float64Array): Float64Array {
  const order = values.length > fewForBuckets ? orderByBuckets(values) : undefined;
  return order === undefined ? ranksByValues(values) : ranksOf(values, order);
}

function ranksByValues(values: Float64Array): Float64Array {
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

function ranksOf(values: Float64Array, order: Int32Array): Float64Array {
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    const value = values[order[from]];
    let to = from + 1;
    while (to < order.length && values[order[to]] === value) to++;
    const rank = (from + 1 + to) / 2;
    for (; from < to; from++) ranks[order[from]] = rank;
  }
  return ranks;
}

/** The positions of values in ascending order; nothing where buckets do not part them, as with infinite values. */
function orderByBuckets(values: Float64Array): Int32Array | undefined {
  const count = values.length;
  let least = values[0];
  let most = values[0];
  for (let i = 1; i < count; i++) {
    if (values[i] < least) least = values[i];
    if (values[i] > most) most = values[i];
  }
  const perUnit = (count - 1) / (most - least);
  if (!(perUnit > 0 && perUnit < Infinity)) return undefined;
  const buckets = new Int32Array(count);
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    // A larger value is never in a bucket before: rounding keeps the order.
    const bucket = Math.min(count - 1, Math.floor((values[i] - least) * perUnit));
    buckets[i] = bucket;
    starts[bucket + 1]++;
  }
  for (let bucket = 0; bucket < count; bucket++) starts[bucket + 1] += starts[bucket];
  const order = new Int32Array(count);
  const next = starts.slice();
  for (let i = 0; i < count; i++) order[next[buckets[i]]++] = i;
  for (let bucket = 0; bucket < count; bucket++) sortPart(order, values, starts[bucket], starts[bucket + 1]);
  return order;
}

/** Sorts some of the positions by their values. */
function sortPart(order: Int32Array, values: Float64Array, from: number, to: number): void {
  if (to - from > mostInserted) {
    order.subarray(from, to).sort((a, b) => values[a] - values[b]);
    return;
  }
  for (let at = from + 1; at < to; at++) {
    const own = order[at];
    const value = values[own];
    let place = at;
    for (; place > from && values[order[place - 1]] > value; place--) order[place] = order[place - 1];
    order[place] = own;
  }
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
