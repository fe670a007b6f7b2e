import type { DataRangeOptions, ImagePair } from './image-pair';
import { requireComparable, requireDataRange } from './image-pair';
import { requireCall } from '../../data/calls/require-call';

/**
 * The mean absolute error in the mask, in units of the intensities.
 *
 * @throws ConcordError `different-grids`, `invalid-option` or `invalid-voxels` when the images cannot be compared.
 */
export function meanAbsoluteError(pair: ImagePair): number {
  requireCall('metrics.meanAbsoluteError', { pair });
  requireComparable(pair);
  return meanOf(pair, Math.abs);
}

/**
 * The peak signal-to-noise ratio in the mask, in decibels: 10 log₁₀(range² / mean squared error); `Infinity` for equal
 * images.
 *
 * @throws ConcordError as {@link meanAbsoluteError}, and `invalid-option` without a data range.
 */
export function peakSignalToNoise(pair: ImagePair, options: DataRangeOptions): number {
  requireCall('metrics.peakSignalToNoise', { pair, options });
  const { dataRange } = options;
  requireComparable(pair);
  requireDataRange(dataRange);
  return 10 * Math.log10(dataRange ** 2 / meanOf(pair, (difference) => difference * difference));
}

function meanOf({ reference, image, mask }: ImagePair, of: (difference: number) => number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < reference.length; i++) {
    if (mask !== undefined && mask[i] === 0) continue;
    sum += of(image[i] - reference[i]);
    count++;
  }
  return sum / count;
}
