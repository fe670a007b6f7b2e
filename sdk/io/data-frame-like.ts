/**
 * The part of a danfojs `Series` that this package promises; the value returned is the real one and can do more.
 */
export interface SeriesLike {
  readonly values: readonly unknown[];
  readonly shape: readonly number[];
  readonly dtypes: readonly string[];
  head(rows?: number): SeriesLike;
  tail(rows?: number): SeriesLike;
  unique(): SeriesLike;
  valueCounts(): SeriesLike;
  mean(): number;
  median(): number;
  std(): number;
  min(): number;
  max(): number;
  eq(other: number | string): SeriesLike;
  gt(other: number): SeriesLike;
  lt(other: number): SeriesLike;
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
  head(rows?: number): DataFrameLike;
  tail(rows?: number): DataFrameLike;
  describe(): DataFrameLike;
  column(name: string): SeriesLike;
  loc(where: { rows?: readonly (string | number)[]; columns?: readonly string[] }): DataFrameLike;
  iloc(where: { rows?: readonly (string | number)[]; columns?: readonly (string | number)[] }): DataFrameLike;
  query(condition: SeriesLike | readonly boolean[]): DataFrameLike;
  sortValues(column: string, options?: { ascending?: boolean }): DataFrameLike;
  dropNa(options?: { axis?: 0 | 1 }): DataFrameLike;
  isNa(): DataFrameLike;
  toString(): string;
}
