import { eachColumn } from '../column-profile';

/** From how many values of a column its scale is taken; they are spread over all rows. */
const sampled = 101;

/**
 * The scale of each column of a row-major matrix: the median of |value|, over 101 values at most; `NaN` for a column
 * without a value.
 *
 * @param width - the columns of the matrix
 */
export function featureScales(values: Float64Array, width: number): Float64Array {
  const scales = new Float64Array(width).fill(NaN);
  const there = new Float64Array(width === 0 ? 0 : values.length / width);
  const sizes = new Float64Array(sampled);
  eachColumn(values, width, (column, own) => {
    let count = 0;
    for (const value of own) if (!Number.isNaN(value)) there[count++] = value;
    const used = Math.min(sampled, count);
    const step = Math.max(1, count / sampled);
    for (let i = 0; i < used; i++) sizes[i] = Math.abs(there[Math.floor(i * step)]);
    if (used > 0) scales[column] = sizes.subarray(0, used).sort()[Math.floor(used / 2)];
  });
  return scales;
}
