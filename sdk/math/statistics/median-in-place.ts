// Apart from the other medians: who fits ComBat does without the library that they use.

/** So few are sorted, by what is part of V8 and need not be compiled first. */
const fewToSort = 512;

/**
 * The median of some values, of two middle ones their mean, of many by Hoare's selection (Knuth, "The art of computer programming" 3,
 * section 5.2.2, exercise 31): the values change their places.
 *
 * @param values - none `NaN` from `from` to before `to`, and one at least
 */
export function medianInPlace(values: Float64Array, from: number, to: number): number {
  const middle = from + ((to - from) >> 1);
  const few = to - from <= fewToSort;
  if (few) values.subarray(from, to).sort();
  else selectPlace(values, middle, { from, last: to - 1 });
  if ((to - from) % 2 === 1) return values[middle];
  if (few) return (values[middle - 1] + values[middle]) / 2;
  let below = values[from];
  for (let i = from + 1; i < middle; i++) if (values[i] > below) below = values[i];
  return (below + values[middle]) / 2;
}

/** Brings the value that a place would have in order there, none greater before it and none less behind. */
function selectPlace(
  values: Float64Array,
  place: number,
  { from, last }: { readonly from: number; readonly last: number },
): void {
  let low = from;
  let high = last;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let up = low;
    let down = high;
    while (up <= down) {
      while (values[up] < pivot) up++;
      while (values[down] > pivot) down--;
      if (up > down) break;
      const kept = values[up];
      values[up++] = values[down];
      values[down--] = kept;
    }
    if (place <= down) high = down;
    else if (place >= up) low = up;
    else return;
  }
}
