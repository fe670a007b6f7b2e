import { eachColumn } from './column-profile';

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
  eachColumn(values, width, (column, own) => {
    const there = own.filter((value) => !Number.isNaN(value));
    const step = Math.max(1, there.length / sampled);
    const sizes = Float64Array.from({ length: Math.min(sampled, there.length) }, (_, i) =>
      Math.abs(there[Math.floor(i * step)]),
    ).sort();
    if (sizes.length > 0) scales[column] = sizes[Math.floor(sizes.length / 2)];
  });
  return scales;
}
