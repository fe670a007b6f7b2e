import { ConcordError } from '../../errors';
import { gaussianKernel, separableFilter } from '../../math/images/separable-filter';
import type { DataRangeOptions, ImagePair } from './image-pair';
import { requireComparable, requireDataRange } from './image-pair';
import { requireCall } from '../../data/calls/require-call';

/** Samples on each side of the center of the window: 11 wide, as Wang et al. have it. */
const radius = 5;
const windowSigma = 1.5;

/** The maps of structural similarity, first axis fastest. */
export interface SimilarityMaps {
  /** Luminance times contrast and structure: the SSIM itself. */
  readonly ssim: Float64Array;
  /** Contrast and structure only. */
  readonly contrastStructure: Float64Array;
}

/**
 * The structural similarity index (Wang, Bovik, Sheikh & Simoncelli 2004, IEEE TIP 13:600, eq. 13) with a Gaussian
 * window of SD 1.5 and 11 samples across along each axis, K₁ = 0.01, K₂ = 0.03. With a mask, the mean of the map over
 * the mask; without one, over the places where the window is wholly inside the image.
 *
 * @throws ConcordError `different-grids`, `invalid-option` or `invalid-voxels` when the images cannot be compared, or
 * an image is smaller than the window and has no mask.
 */
export function structuralSimilarity(pair: ImagePair, options: DataRangeOptions): number {
  requireCall('metrics.structuralSimilarity', { pair, options });
  const { dataRange } = options;
  requireComparable(pair);
  requireDataRange(dataRange);
  return meanOfMap(similarityMaps(pair, dataRange).ssim, pair);
}

/** The similarity at every place; windows that reach over an edge see the image mirrored. */
export function similarityMaps(pair: ImagePair, dataRange: number): SimilarityMaps {
  const { shape } = pair;
  const kernel = gaussianKernel(windowSigma, radius);
  const smooth = (values: Float64Array): Float64Array => separableFilter(values, shape, kernel);
  const [x, y] = knownIntensities(pair);
  const meanX = smooth(x);
  const meanY = smooth(y);
  const squaresX = smooth(productOf(x, x));
  const squaresY = smooth(productOf(y, y));
  const products = smooth(productOf(x, y));
  const c1 = (0.01 * dataRange) ** 2;
  const c2 = (0.03 * dataRange) ** 2;
  const ssim = new Float64Array(meanX.length);
  const contrastStructure = new Float64Array(meanX.length);
  for (let i = 0; i < ssim.length; i++) {
    const mx = meanX[i];
    const my = meanY[i];
    const spread = squaresX[i] - mx * mx + (squaresY[i] - my * my);
    contrastStructure[i] = (2 * (products[i] - mx * my) + c2) / (spread + c2);
    ssim[i] = (contrastStructure[i] * (2 * mx * my + c1)) / (mx * mx + my * my + c1);
  }
  return { ssim, contrastStructure };
}

/** The intensities of both images. Outside the mask they may be missing, in one or in both: there both count as 0. */
export function knownIntensities({
  reference,
  image,
  mask,
}: ImagePair): readonly [Float64Array, Float64Array] {
  const x = Float64Array.from(reference);
  const y = Float64Array.from(image);
  if (mask === undefined) return [x, y];
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i]) && Number.isFinite(y[i])) continue;
    x[i] = 0;
    y[i] = 0;
  }
  return [x, y];
}

function productOf(a: Float64Array, b: Float64Array): Float64Array {
  const products = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) products[i] = a[i] * b[i];
  return products;
}

/** The mean of a map over the mask, or over the places whose window is inside the image. */
export function meanOfMap(map: Float64Array, { shape, mask }: Pick<ImagePair, 'shape' | 'mask'>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < map.length; i++) {
    if (mask === undefined ? !windowFits(i, shape) : mask[i] === 0) continue;
    sum += map[i];
    count++;
  }
  if (count === 0) {
    throw new ConcordError(
      'invalid-option',
      `invalid image: ${shape.join(' × ')} is smaller than the window of SSIM (${2 * radius + 1} along each axis)`,
    );
  }
  return sum / count;
}

/** The smallest size along an axis that holds the window. */
export const windowSize: number = 2 * radius + 1;

function windowFits(index: number, shape: readonly number[]): boolean {
  let rest = index;
  for (const size of shape) {
    const at = rest % size;
    if (at < radius || at >= size - radius) return false;
    rest = (rest - at) / size;
  }
  return true;
}
