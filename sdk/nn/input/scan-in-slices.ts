/** The slices of one scan, with what is inside of the brain. */
export interface ScanSlices {
  /** Slices × rows × columns, the middle channel. */
  readonly data: Float32Array;
  /** Where the brain is, of the same size: what is not 0, within the mask where there is one. */
  readonly inside: Uint8Array;
  /** The share of the mask that is 0; 0 without a mask. */
  readonly empty: number;
  readonly height: number;
  readonly width: number;
  /** The size of a pixel in mm: rows, columns. */
  readonly pixelSize: readonly [rows: number, columns: number];
  /** Whether the slices follow each other without a gap, and are many: a whole brain. */
  readonly stacked: boolean;
  /** Where each slice is along the axis that its plane cuts, in mm. */
  readonly positions: readonly number[];
}
