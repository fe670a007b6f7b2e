/** The numbers at some positions, in that order. */
export function pickDoubles(values: Float64Array, at: ArrayLike<number>): Float64Array {
  const picked = new Float64Array(at.length);
  for (let i = 0; i < at.length; i++) picked[i] = values[at[i]];
  return picked;
}

/** The numbers at some ascending positions: the array itself, not a copy, where these are all. */
export function pickFrom(values: Float64Array, ascending: Int32Array): Float64Array {
  return ascending.length === values.length ? values : pickDoubles(values, ascending);
}

/** The positions from 0 up to a count. */
export function everyPosition(count: number): Int32Array {
  const positions = new Int32Array(count);
  for (let at = 0; at < count; at++) positions[at] = at;
  return positions;
}
