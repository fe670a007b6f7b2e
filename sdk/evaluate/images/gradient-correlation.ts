import type { ImagePair } from './image-pair';
import { requireComparable } from './image-pair';

/**
 * How alike the edges of two images are: the mean over the axes of the correlation between their derivatives along it,
 * in the mask (Penney et al. 1998, IEEE TMI 17:586). 1 where edges are the same up to a positive factor, whatever the
 * intensities. Derivatives are central differences, one-sided at the edges. `NaN` when an image is flat along an axis.
 *
 * @throws ConcordError `different-grids`, `invalid-option` or `invalid-voxels` when the images cannot be compared.
 */
export function gradientCorrelation(pair: ImagePair): number {
  requireComparable(pair);
  let stride = 1;
  let sum = 0;
  for (const size of pair.shape) {
    sum += axisCorrelation(pair, size, stride);
    stride *= size;
  }
  return sum / pair.shape.length;
}

function axisCorrelation({ reference, image, mask }: ImagePair, size: number, stride: number): number {
  let xx = 0;
  let yy = 0;
  let xy = 0;
  let sumX = 0;
  let sumY = 0;
  let count = 0;
  for (let i = 0; i < reference.length; i++) {
    if (mask !== undefined && mask[i] === 0) continue;
    const at = Math.floor(i / stride) % size;
    const before = at > 0 ? i - stride : i;
    const after = at < size - 1 ? i + stride : i;
    const step = Math.max((after - before) / stride, 1);
    const x = (reference[after] - reference[before]) / step;
    const y = (image[after] - image[before]) / step;
    // Next to the mask there may be voxels that are not numbers.
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    sumX += x;
    sumY += y;
    xx += x * x;
    yy += y * y;
    xy += x * y;
    count++;
  }
  const covariance = xy - (sumX * sumY) / count;
  return covariance / Math.sqrt((xx - (sumX * sumX) / count) * (yy - (sumY * sumY) / count));
}
