import { columnOf } from './column-profile';

/**
 * The scale of some columns of a row-major matrix: the median of |value|; `NaN` for a column without a value.
 *
 * @param width - the columns of the matrix
 * @param columns - the columns asked for
 */
export function featureScales(values: Float64Array, width: number, columns: readonly number[]): Float64Array {
  return Float64Array.from(columns, (column) => {
    const sizes = columnOf(values, column, width)
      .map(Math.abs)
      .filter((value) => !Number.isNaN(value))
      .sort();
    return sizes.length === 0 ? NaN : sizes[Math.floor(sizes.length / 2)];
  });
}
