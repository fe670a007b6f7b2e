/** Finds the next value that is not 0: the first from `from` on and before `to`; `to` where there is none. */
export type NextNonZero = (from: number, to: number) => number;

/**
 * Makes a function that finds the values that are not 0 in a mask or an image. Of a typical brain image most is
 * background; here it is passed over sixteen voxels of a mask, or four intensities, at a time.
 *
 * @param values - a mask or intensities
 */
export function nextNonZero(values: Uint8Array | Float32Array): NextNonZero {
  const perWord = 4 / values.BYTES_PER_ELEMENT;
  const aligned = values.byteOffset % 4 === 0;
  // A part of a longer mask may begin between two words: it is then looked through value by value.
  const words = aligned
    ? new Uint32Array(values.buffer, values.byteOffset, Math.floor(values.byteLength / 4))
    : new Uint32Array(0);
  return (from, to) => {
    for (let at = from; at < to;) {
      if (values[at] !== 0) return at;
      at++;
      if (at % perWord === 0) at = perWord * skipZeros(words, at / perWord, to / perWord);
    }
    return to;
  };
}

/** The first word from `at` on and before `to` that is not 0; where there is none, the place where the search ended. */
function skipZeros(words: Uint32Array, at: number, to: number): number {
  const end = Math.min(words.length, to);
  let next = at;
  while (next + 4 <= end && (words[next] | words[next + 1] | words[next + 2] | words[next + 3]) === 0)
    next += 4;
  while (next < end && words[next] === 0) next++;
  return next;
}
