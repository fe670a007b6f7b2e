/** A table of numbers, row-major. */
interface Table {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** Vectors taken through the table together: reading it costs more than the arithmetic. */
const together = 4;

/**
 * Multiplies vectors by the Gram matrix of the columns of a table, Xᵀ X, or of its rows, X Xᵀ, without forming it.
 *
 * @param vectors - one entry per column of the table, or per row
 */
export function gramTimes(
  x: Table,
  of: 'rows' | 'columns',
  vectors: readonly Float64Array[],
): Float64Array[] {
  const result: Float64Array[] = [];
  for (let from = 0; from < vectors.length; from += together) {
    const few = vectors.slice(from, from + together);
    const middle =
      of === 'rows' ? byColumn(x, interleave(few, x.rows)) : byRow(x, interleave(few, x.columns));
    const size = of === 'rows' ? x.rows : x.columns;
    const image = of === 'rows' ? byRow(x, middle) : byColumn(x, middle);
    result.push(
      ...few.map((_, i) => Float64Array.from({ length: size }, (__, k) => image[k * together + i])),
    );
  }
  return result;
}

/** Entry k of vector i at `k * together + i`; vectors missing to a full set are zero. */
function interleave(vectors: readonly Float64Array[], size: number): Float64Array {
  const joined = new Float64Array(size * together);
  vectors.forEach((vector, i) => vector.forEach((value, k) => (joined[k * together + i] = value)));
  return joined;
}

/** Xᵀ u of four interleaved vectors. */
function byColumn({ values, rows, columns }: Table, weights: Float64Array): Float64Array {
  const sums = new Float64Array(columns * together);
  for (let row = 0, at = 0; row < rows; row++) {
    const a = weights[row * together];
    const b = weights[row * together + 1];
    const c = weights[row * together + 2];
    const d = weights[row * together + 3];
    for (let k = 0; k < sums.length; k += together) {
      const value = values[at++];
      sums[k] += a * value;
      sums[k + 1] += b * value;
      sums[k + 2] += c * value;
      sums[k + 3] += d * value;
    }
  }
  return sums;
}

/** X v of four interleaved vectors. */
function byRow({ values, rows, columns }: Table, weights: Float64Array): Float64Array {
  const sums = new Float64Array(rows * together);
  for (let row = 0, at = 0; row < rows; row++) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let k = 0; k < columns * together; k += together) {
      const value = values[at++];
      a += value * weights[k];
      b += value * weights[k + 1];
      c += value * weights[k + 2];
      d += value * weights[k + 3];
    }
    sums.set([a, b, c, d], row * together);
  }
  return sums;
}
