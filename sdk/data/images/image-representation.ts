/** What a network says of the images of a cohort, one after the other. */
export interface ImageRepresentation {
  readonly values: Float32Array;
  /** Images first. */
  readonly shape: readonly number[];
}
