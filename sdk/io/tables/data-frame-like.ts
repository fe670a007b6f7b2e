/**
 * The part of a danfojs `Series` that this package promises; the value returned is the real one and can do more.
 */
export interface SeriesLike {
  readonly values: readonly unknown[];
  readonly shape: readonly number[];
  readonly dtypes: readonly string[];
  /** The first rows, 5 by default. */
  head(rows?: number): SeriesLike;
  /** The last rows, 5 by default. */
  tail(rows?: number): SeriesLike;
  /** The distinct values. */
  unique(): SeriesLike;
  /** How often each value occurs. */
  valueCounts(): SeriesLike;
  /** The mean, in 32 bits. */
  mean(): number;
  /** The median, in 32 bits. */
  median(): number;
  /** The standard deviation, in 32 bits. */
  std(): number;
  /** The least value, in 32 bits. */
  min(): number;
  /** The largest value, in 32 bits. */
  max(): number;
  /** Whether each value equals `other`. */
  eq(other: number | string): SeriesLike;
  /** Whether each value is greater than `other`. */
  gt(other: number): SeriesLike;
  /** Whether each value is less than `other`. */
  lt(other: number): SeriesLike;
  /** A text table of the first rows. */
  toString(): string;
}

/**
 * The part of a danfojs `DataFrame` that this package promises; the value returned is the real one and can do more.
 * danfojs computes in 32 bits: it is for looking at a table, not for its arithmetic.
 */
export interface DataFrameLike {
  readonly columns: readonly string[];
  /** The cells, row by row. */
  readonly values: readonly (readonly unknown[])[];
  /** Rows and columns. */
  readonly shape: readonly number[];
  readonly dtypes: readonly string[];
  /** The first rows, 5 by default. */
  head(rows?: number): DataFrameLike;
  /** The last rows, 5 by default. */
  tail(rows?: number): DataFrameLike;
  /** Count, mean, spread and range of each numeric column, in 32 bits. */
  describe(): DataFrameLike;
  /** One column by its name. */
  column(name: string): SeriesLike;
  /** Rows and columns by label. */
  loc(where: { rows?: readonly (string | number)[]; columns?: readonly string[] }): DataFrameLike;
  /** Rows and columns by position. */
  iloc(where: { rows?: readonly (string | number)[]; columns?: readonly (string | number)[] }): DataFrameLike;
  /** The rows where the condition holds. */
  query(condition: SeriesLike | readonly boolean[]): DataFrameLike;
  /** The rows in the order of a column. */
  sortValues(column: string, options?: { ascending?: boolean }): DataFrameLike;
  /** Without the rows (axis 1) or columns (axis 0) that hold a missing value. */
  dropNa(options?: { axis?: 0 | 1 }): DataFrameLike;
  /** Whether each cell is missing. */
  isNa(): DataFrameLike;
  /** A text table of the first rows. */
  toString(): string;
}
