/** The numbers at some positions, in that order. */
export function pickDoubles(values: Float64Array, at: ArrayLike<number>): Float64Array {
  const picked = new Float64Array(at.length);
  for (let i = 0; i < at.length; i++) picked[i] = values[at[i]];
  return picked;
}
