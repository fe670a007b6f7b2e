import type { ImagePair } from './image-pair';
import { requireComparable } from './image-pair';
import { eachDerivative } from './masked-derivatives';
import { requireCall } from '../../data/calls/require-call';

/**
 * How alike the edges of two images are: the mean over the axes of the correlation between their derivatives along it,
 * in the mask (Penney et al. 1998, IEEE TMI 17:586). 1 where edges are the same up to a positive factor, whatever the
 * intensities. Derivatives are central differences, one-sided at the edges of image and mask, so that nothing outside
 * the mask counts. `NaN` when an image is flat along an axis.
 *
 * @throws ConcordError `different-grids`, `invalid-option` or `invalid-voxels` when the images cannot be compared.
 */
export function gradientCorrelation(pair: ImagePair): number {
  requireCall('metrics.gradientCorrelation', { pair });
  requireComparable(pair);
  let stride = 1;
  let sum = 0;
  for (const size of pair.shape) {
    sum += axisCorrelation(pair, size, stride);
    stride *= size;
  }
  return sum / pair.shape.length;
}

function axisCorrelation(pair: ImagePair, size: number, stride: number): number {
  const { reference, image } = pair;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  let sumX = 0;
  let sumY = 0;
  let count = 0;
  eachDerivative(pair, { size, stride }, (after, before, step) => {
    const x = (reference[after] - reference[before]) / step;
    const y = (image[after] - image[before]) / step;
    sumX += x;
    sumY += y;
    xx += x * x;
    yy += y * y;
    xy += x * y;
    count++;
  });
  const covariance = xy - (sumX * sumY) / count;
  return covariance / Math.sqrt((xx - (sumX * sumX) / count) * (yy - (sumY * sumY) / count));
}
