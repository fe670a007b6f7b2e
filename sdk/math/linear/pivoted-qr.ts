/** A dense matrix of `rows` × `columns` numbers, row-major. */
export interface DenseMatrix {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** What pivoting by QR found out about a matrix. */
export interface PivotedQr {
  /** How many columns are linearly independent. */
  readonly rank: number;
  /** Column numbers in the order chosen; the first `rank` are independent, the others depend on them. */
  readonly order: Int32Array;
  /** Householder vectors, one row of length `rows` per independent column (column-major storage of V). */
  readonly reflectors: Float64Array;
  /** The upper triangle R in the pivoted order, `columns` × `columns`, row-major. */
  readonly upper: Float64Array;
  readonly rows: number;
  readonly columns: number;
}
