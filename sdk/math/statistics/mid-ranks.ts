/** Sorting by digits pays above about this many values. */
const fewForDigits = 512;
/** Eleven bits at a time. */
const digits = [0, 11, 22] as const;

/**
 * Ranks from 1, equal values sharing the mean of theirs. Many values are put in order by the digits of their bit patterns
 * (radix sort, Knuth, "The art of computer programming" 3, section 5.2.5), and so are their places. Of few, each is looked up
 * among the sorted ones: sorting numbers is several times as fast as sorting positions by a comparison.
 *
 * @param values - none `NaN`
 */
export function midRanks(values: Float64Array): Float64Array {
  return values.length > fewForDigits ? ranksByDigits(values) : ranksByValues(values);
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

function ranksByDigits(values: Float64Array): Float64Array {
  const order = orderByDigits(values);
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

/** The positions of values in ascending order. */
function orderByDigits(values: Float64Array): Int32Array {
  const count = values.length;
  // Adding zero makes both zeros the same.
  const words = new Uint32Array(values.map((value) => value + 0).buffer);
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  const first = new Uint32Array(new Float64Array([1]).buffer)[0] === 0 ? 0 : 1;
  for (let i = 0; i < count; i++) {
    // Flips the sign bit, and all bits of negative numbers, so that patterns are in the order of the numbers.
    const top = words[2 * i + 1 - first];
    const flip = top >>> 31 === 1 ? 0xffffffff : 0;
    low[i] = words[2 * i + first] ^ flip;
    high[i] = top ^ (flip | 0x80000000);
  }
  let order = Int32Array.from({ length: count }, (_, i) => i);
  let other = new Int32Array(count);
  const starts = new Uint32Array(2049);
  for (const keys of [low, high]) {
    for (const shift of digits) {
      starts.fill(0);
      for (let i = 0; i < count; i++) starts[((keys[i] >>> shift) & 2047) + 1]++;
      for (let digit = 1; digit < starts.length; digit++) starts[digit] += starts[digit - 1];
      for (let i = 0; i < count; i++) {
        const place = order[i];
        other[starts[(keys[place] >>> shift) & 2047]++] = place;
      }
      [order, other] = [other, order];
    }
  }
  return order;
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
