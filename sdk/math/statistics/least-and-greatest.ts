/**
 * The least and the greatest of some numbers; `NaN` is left out, and where nothing is left they are Infinity and −Infinity.
 *
 * It takes typed arrays alone: V8 would make it slow for all where it met lists of numbers, too.
 *
 * @param every.from - the position of the first number that is looked at
 * @param every.stride - how far the next one is
 */
export function leastAndGreatest(
  values: Float64Array | Float32Array,
  { from = 0, stride = 1 }: { readonly from?: number; readonly stride?: number } = {},
): readonly [least: number, greatest: number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (let at = from; at < values.length; at += stride) {
    const value = values[at];
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}
