/** What the values of a column look like, missing ones left aside. */
export interface ColumnProfile {
  /** How many values there are. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** Whether every value is a whole number. */
  readonly whole: boolean;
  /** How many different values there are, counted up to {@link mostDistinct}. */
  readonly distinct: number;
}

/** Where counting different values stops. */
const mostDistinct = 10_000;

/** Describes a column; `NaN` marks a missing value. */
export function profileOf(values: Float64Array): ColumnProfile {
  let count = 0;
  let min = Infinity;
  let max = -Infinity;
  let whole = true;
  const met = new Set<number>();
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    if (value < min) min = value;
    if (value > max) max = value;
    if (whole && !Number.isInteger(value)) whole = false;
    if (met.size < mostDistinct) met.add(value);
  }
  return { count, min, max, whole, distinct: met.size };
}

/** One column of a row-major matrix. */
export function columnOf(values: Float64Array, column: number, width: number): Float64Array {
  const own = new Float64Array(values.length / width);
  for (let row = 0; row < own.length; row++) own[row] = values[row * width + column];
  return own;
}
