import { ConcordError } from '../../errors';

/** Two images of one size to be compared, first axis fastest, with two or three axes. */
export interface ImagePair {
  /** What the image should be. */
  readonly reference: ArrayLike<number>;
  readonly image: ArrayLike<number>;
  /** Sizes along the axes. */
  readonly shape: readonly number[];
  /** Where to compare, 1 inside; everywhere by default. */
  readonly mask?: ArrayLike<number>;
}

/** Options of measures that depend on the range of the data. */
export interface DataRangeOptions {
  /**
   * The range of intensities that the data can take, the same for all images that are compared: PSNR and SSIM mean
   * nothing without it, and change with it.
   */
  readonly dataRange: number;
}

/**
 * Checks that two images can be compared.
 *
 * @throws ConcordError `different-grids` when sizes do not agree; `invalid-option` when the mask is empty;
 * `invalid-voxels` when an intensity inside it is not finite.
 */
export function requireComparable({ reference, image, shape, mask }: ImagePair): void {
  const count = shape.reduce((product, size) => product * size, 1);
  if (reference.length !== count || image.length !== count || (mask && mask.length !== count)) {
    throw new ConcordError(
      'different-grids',
      `invalid pair of images: ${reference.length} and ${image.length} intensities, ` +
        `${mask?.length ?? 'no'} mask values, for a shape of ${shape.join(' × ')}`,
    );
  }
  let inside = 0;
  for (let i = 0; i < count; i++) {
    if (mask !== undefined && mask[i] === 0) continue;
    inside++;
    if (Number.isFinite(reference[i]) && Number.isFinite(image[i])) continue;
    throw new ConcordError(
      'invalid-voxels',
      `invalid intensity at position ${i}: ${reference[i]} and ${image[i]} (both must be finite numbers)`,
    );
  }
  if (inside === 0) {
    throw new ConcordError(
      'invalid-option',
      'invalid mask: no voxel is inside (there is nothing to compare)',
    );
  }
}

/**
 * Checks a data range.
 *
 * @throws ConcordError `invalid-option` when it is not a positive number.
 */
export function requireDataRange(dataRange: number): void {
  if (!(dataRange > 0 && Number.isFinite(dataRange))) {
    throw new ConcordError(
      'invalid-option',
      `invalid dataRange: ${dataRange} (the range intensities can take is required, for example 1 after scaling to 0 … 1)`,
    );
  }
}
