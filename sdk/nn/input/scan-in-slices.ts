/** The slices of one scan, with what is inside of the brain. */
export interface ScanSlices {
  /** Slices × rows × columns, the middle channel. */
  readonly data: Float32Array;
  /** Where the brain is, of the same size: the mask, or without one what is not 0. */
  readonly inside: Uint8Array;
  readonly height: number;
  readonly width: number;
  /** The size of a pixel in mm: rows, columns. */
  readonly pixelSize: readonly [rows: number, columns: number];
  /** Whether the slices follow each other without a gap, and are many: a whole brain. */
  readonly stacked: boolean;
  /** Where each slice is along the axis that its plane cuts, in mm. */
  readonly positions: readonly number[];
}
