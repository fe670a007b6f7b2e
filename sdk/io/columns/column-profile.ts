/** What the values of a column look like, missing ones left aside. */
export interface ColumnProfile {
  /** How many values there are. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** Whether every value is a whole number. */
  readonly whole: boolean;
  /** How many different values there are; `Infinity` unless all are whole numbers. */
  readonly distinct: number;
}

/** Describes a column; `NaN` marks a missing value. */
export function profileOf(values: Float64Array): ColumnProfile {
  let count = 0;
  let min = Infinity;
  let max = -Infinity;
  let whole = true;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    if (value < min) min = value;
    if (value > max) max = value;
    if (whole && !Number.isInteger(value)) whole = false;
  }
  const distinct = whole ? new Set(values.filter((value) => !Number.isNaN(value))).size : Infinity;
  return { count, min, max, whole, distinct };
}

/** How many columns are taken out of a row-major matrix at once: a row's share of them is one or a few cache lines. */
const blockColumns = 32;

/**
 * Visits the columns of a row-major matrix, in order. They are copied out by blocks, since reading one column of a wide
 * matrix touches memory all over.
 *
 * @param visit - is given each column's number and its values, which are overwritten afterwards
 */
export function eachColumn(
  values: Float64Array,
  width: number,
  visit: (column: number, own: Float64Array) => void,
): void {
  const rows = width === 0 ? 0 : values.length / width;
  const block = new Float64Array(rows * blockColumns);
  for (let from = 0; from < width; from += blockColumns) {
    const size = Math.min(blockColumns, width - from);
    for (let row = 0; row < rows; row++) {
      for (let k = 0; k < size; k++) block[k * rows + row] = values[row * width + from + k];
    }
    for (let k = 0; k < size; k++) visit(from + k, block.subarray(k * rows, (k + 1) * rows));
  }
}
