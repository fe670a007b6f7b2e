/** Where numbers are in two lists, and how many of them. */
export interface AddedNumbers {
  /** The first place in the list that they are added to. */
  readonly to: number;
  /** The first place in the list that they come from. */
  readonly from: number;
  readonly count: number;
  /** What they are multiplied by. */
  readonly weight: number;
}

/**
 * Adds a multiple of some numbers to others. Whatever goes through tables row by row shares this loop: V8 compiles it once, where
 * it compiled every function with such a loop in it, which takes longer than the loops over a small table.
 */
export function addMultiple(
  target: Float64Array,
  values: Float64Array,
  { to, from, count, weight }: AddedNumbers,
): void {
  for (let k = 0; k < count; k++) target[to + k] += weight * values[from + k];
}
