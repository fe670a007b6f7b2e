/** What a network computes from the images of a cohort, one image after the other: row-major, the last axis fastest. */
export interface ImageRepresentation {
  readonly values: Float32Array;
  /** The number of images, then the size of what is computed from one. */
  readonly shape: readonly number[];
}
