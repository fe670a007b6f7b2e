/** Sorting by digits pays above about this many values. */
const fewForDigits = 4096;

/**
 * Sorts values in place, ascending, `NaN` last. Values that single precision holds exactly, as voxels are, are sorted by
 * the digits of their bit patterns (radix sort, Knuth, "The art of computer programming" 3, section 5.2.5): some ten
 * times faster than by comparison.
 */
export function sortFloats(values: Float64Array): Float64Array {
  return values.length > fewForDigits && areSingles(values) ? sortSingles(values) : values.sort();
}

function areSingles(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) {
    if (Math.fround(values[i]) !== values[i]) return false;
  }
  return true;
}

function sortSingles(values: Float64Array): Float64Array {
  const singles = Float32Array.from(values);
  let keys = new Uint32Array(singles.buffer);
  // Flips the sign bit, and all bits of negative numbers, so that patterns are in the order of the numbers.
  for (let i = 0; i < keys.length; i++) keys[i] ^= ((keys[i] >>> 31) * 0x7fffffff) | 0x80000000;
  let other = new Uint32Array(keys.length);
  for (const shift of [0, 11, 22]) {
    distribute(keys, other, shift);
    [keys, other] = [other, keys];
  }
  for (let i = 0; i < keys.length; i++) keys[i] ^= (keys[i] >>> 31) * 0x80000000 || 0xffffffff;
  values.set(new Float32Array(keys.buffer));
  return values;
}

/** Copies keys in the order of eleven of their bits, keeping the order of those that agree in them. */
function distribute(from: Uint32Array, to: Uint32Array, shift: number): void {
  const starts = new Uint32Array(2049);
  for (let i = 0; i < from.length; i++) starts[((from[i] >>> shift) & 2047) + 1]++;
  for (let digit = 1; digit < starts.length; digit++) starts[digit] += starts[digit - 1];
  for (let i = 0; i < from.length; i++) to[starts[(from[i] >>> shift) & 2047]++] = from[i];
}
