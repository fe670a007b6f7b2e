/** Arrays by number, made when they are asked for; those asked for last are kept, as far as their bytes allow. */
export interface RecentArrays {
  /** The array, kept or made anew. It belongs to everybody: nobody may change it. */
  readonly get: (number: number) => Promise<Float32Array>;
  /** Keeps an array that is there already. */
  readonly put: (number: number, array: Float32Array) => void;
}

/**
 * Keeps the arrays that were asked for last (least recently used go first). Asking twice at the same time makes one;
 * what could not be made is tried again the next time.
 *
 * @param bytes - the most that is kept; a larger array is handed out and not kept
 */
export function recentArrays(bytes: number, make: (number: number) => Promise<Float32Array>): RecentArrays {
  // A Map keeps the order of insertion: the oldest use is first.
  const kept = new Map<number, Float32Array>();
  const making = new Map<number, Promise<Float32Array>>();
  let total = 0;
  const put = (number: number, array: Float32Array): void => {
    total -= kept.get(number)?.byteLength ?? 0;
    kept.delete(number);
    kept.set(number, array);
    total += array.byteLength;
    for (const [oldest, { byteLength }] of kept) {
      if (total <= bytes) return;
      kept.delete(oldest);
      total -= byteLength;
    }
  };
  return {
    put,
    get: async (number) => {
      const known = kept.get(number);
      if (known !== undefined) {
        put(number, known);
        return known;
      }
      const begun = making.get(number);
      if (begun !== undefined) return begun;
      const made = make(number);
      making.set(number, made);
      try {
        const array = await made;
        put(number, array);
        return array;
      } finally {
        making.delete(number);
      }
    },
  };
}
