import { requireCall } from '../../data/calls/require-call';
import type { ImagePair } from './image-pair';
import { requireComparable } from './image-pair';
import { eachDerivative } from './masked-derivatives';

/** An image to be measured by itself, first axis fastest, with two or three axes; in its mask, where it has one. */
export type SingleImage = Pick<ImagePair, 'image' | 'shape' | 'mask'>;

/**
 * How sharp an image is: the root mean square of its derivatives, mean over the axes, as a share of the standard
 * deviation of its intensities, in the mask. Whatever the brightness and contrast it is the same; a blurred image has
 * less, and a noisy one more, so compare it with that of the raw or of the true image. Derivatives as in
 * `metrics.gradientCorrelation`. `NaN` when the image is flat.
 *
 * @returns per sample: compare images with samples of one size only
 * @throws ConcordError `different-grids`, `invalid-option` or `invalid-voxels` when the image cannot be measured.
 */
export function sharpness(picture: SingleImage): number {
  requireCall('metrics.sharpness', { picture });
  const { image, shape, mask } = picture;
  requireComparable({ ...picture, reference: image });
  const deviation = standardDeviation(image, mask);
  if (!(deviation > 0)) return NaN;
  let stride = 1;
  let sum = 0;
  for (const size of shape) {
    sum += rootMeanSquare(picture, { size, stride });
    stride *= size;
  }
  return sum / shape.length / deviation;
}

function rootMeanSquare(
  picture: SingleImage,
  axis: { readonly size: number; readonly stride: number },
): number {
  const { image } = picture;
  let squares = 0;
  let count = 0;
  eachDerivative(picture, axis, (after, before, step) => {
    squares += ((image[after] - image[before]) / step) ** 2;
    count++;
  });
  return Math.sqrt(squares / count);
}

function standardDeviation(values: ArrayLike<number>, mask: ArrayLike<number> | undefined): number {
  const inside = Array.from(values).filter((_, i) => mask === undefined || mask[i] !== 0);
  const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
  return Math.sqrt(inside.reduce((sum, value) => sum + (value - mean) ** 2, 0) / inside.length);
}
