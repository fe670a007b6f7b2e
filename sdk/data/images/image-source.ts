/**
 * Images that are read when they are needed: training draws its batches from here, so that a cohort larger than the
 * memory can be learned from.
 */
export interface ImageSource {
  /** The number of images. */
  readonly count: number;
  /** Rows, columns and channels of each image. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /**
   * Reads images, in the order asked for.
   *
   * @param positions - which images, from 0
   * @returns positions × rows × columns × channels, channel fastest, in an array of the caller's own
   */
  read(positions: ArrayLike<number>): Promise<Float32Array>;
}
