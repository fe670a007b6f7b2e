/** Rows of numbers, collected while their count is not yet known. */
export interface GrowingMatrix {
  /** Where the next row is written: `values[offset + column]`. Call {@link GrowingMatrix.next} afterwards. */
  readonly values: Float64Array;
  readonly offset: number;
  /** Keeps the row just written and makes room for another. */
  next(): void;
  /** The rows kept, row-major. */
  finish(): Float64Array;
}

/**
 * Makes a matrix that grows by rows.
 *
 * @param rowsHint - how many rows to expect; memory that is set aside but never written to costs nothing
 */
export function growingMatrix(width: number, rowsHint: number): GrowingMatrix {
  let values = new Float64Array(Math.max(1, rowsHint) * width);
  let offset = 0;
  const room = (): Float64Array => {
    if (offset + width > values.length) {
      const larger = new Float64Array(Math.max(2 * values.length, offset + width));
      larger.set(values);
      values = larger;
    }
    return values;
  };
  return {
    get values() {
      return room();
    },
    get offset() {
      return offset;
    },
    next() {
      offset += width;
    },
    finish() {
      // A copy needs twice the memory for a moment, so it is made only where it frees much.
      return offset >= 0.75 * values.length ? values.subarray(0, offset) : values.slice(0, offset);
    },
  };
}
