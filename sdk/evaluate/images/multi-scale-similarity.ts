import { ConcordError } from '../../errors';
import type { DataRangeOptions, ImagePair } from './image-pair';
import { requireComparable, requireDataRange } from './image-pair';
import type { SimilarityMaps } from './structural-similarity';
import { knownIntensities, meanOfMap, similarityMaps, windowSize } from './structural-similarity';
import { requireCall } from '../../data/calls/require-call';

/** Wang, Simoncelli & Bovik 2003, "Multiscale structural similarity", section 3.2: finest scale first. */
const scaleWeights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/** Options of {@link multiScaleSimilarity}. */
export interface MultiScaleOptions extends DataRangeOptions {
  /**
   * Scales, each half the size of the one before, 1 to 5. With fewer than five, the weights of the finest are kept and
   * scaled to sum to one.
   *
   * @defaultValue as many as keep 11 samples along every axis, at most 5
   */
  readonly scales?: number;
}

/** A multi-scale similarity and how many scales it was taken over: figures of different numbers do not compare. */
export interface MultiScaleSimilarity {
  readonly value: number;
  readonly scales: number;
}

/**
 * The multi-scale structural similarity index (Wang, Simoncelli & Bovik 2003, eq. 7): contrast and structure at each
 * scale, luminance at the coarsest, each scale the mean of 2 × 2 (× 2) blocks of the one before. Negative means count
 * as 0. A mask follows to the coarser scales: a block is inside where at least half of it is.
 *
 * @throws ConcordError `different-grids`, `invalid-option` or `invalid-voxels` when the images cannot be compared or
 * are too small for that many scales.
 */
export function multiScaleSimilarity(pair: ImagePair, options: MultiScaleOptions): MultiScaleSimilarity {
  requireCall('metrics.multiScaleSimilarity', { pair, options });
  requireComparable(pair);
  requireDataRange(options.dataRange);
  return multiScaleFrom(similarityMaps(pair, options.dataRange), pair, options);
}

/** The index where the maps at the finest scale are known already. */
export function multiScaleFrom(
  finest: SimilarityMaps,
  pair: ImagePair,
  options: MultiScaleOptions,
): MultiScaleSimilarity {
  const most = scalesThatFit(pair.shape);
  const { dataRange, scales = Math.max(most, 1) } = options;
  if (!(Number.isInteger(scales) && scales >= 1 && scales <= most)) {
    throw new ConcordError(
      'invalid-option',
      `invalid scales: ${scales} (an image of ${pair.shape.join(' × ')} allows ${most === 0 ? 'none' : `1 to ${most}`})`,
    );
  }
  // All five are used as published, though they sum to 1.0001.
  const share = scaleWeights.slice(0, scales).reduce((sum, weight) => sum + weight, 0);
  const total = scales === scaleWeights.length ? 1 : share;
  let value = 1;
  let current = pair;
  for (let scale = 0; scale < scales; scale++) {
    const last = scale === scales - 1;
    const { ssim, contrastStructure } = scale === 0 ? finest : similarityMaps(current, dataRange);
    const mean = Math.max(meanOfMap(last ? ssim : contrastStructure, current), 0);
    value *= mean ** (scaleWeights[scale] / total);
    if (!last) current = halved(current);
  }
  return { value, scales };
}

/** How many scales keep the window of 11 samples along every axis: two from 21 on, five from 161 on. */
export function scalesThatFit(shape: readonly number[]): number {
  const smallest = Math.min(...shape);
  return scaleWeights.filter((_, scale) => Math.ceil(smallest / 2 ** scale) >= windowSize).length;
}

function halved(pair: ImagePair): ImagePair {
  const shape = pair.shape.map((size) => Math.ceil(size / 2));
  const [reference, image] = knownIntensities(pair);
  const half = (values: ArrayLike<number>): Float64Array => blockMeans(values, pair.shape, shape);
  const mask = pair.mask === undefined ? undefined : half(pair.mask).map((share) => (share >= 0.5 ? 1 : 0));
  return {
    reference: half(reference),
    image: half(image),
    shape,
    ...(mask === undefined ? {} : { mask }),
  };
}

/** Means over blocks of two samples along each axis; at an odd edge over those that are there. */
function blockMeans(values: ArrayLike<number>, from: readonly number[], to: readonly number[]): Float64Array {
  const sums = new Float64Array(to.reduce((product, size) => product * size, 1));
  const counts = new Float64Array(sums.length);
  for (let i = 0; i < values.length; i++) {
    let rest = i;
    let block = 0;
    let stride = 1;
    for (let axis = 0; axis < from.length; axis++) {
      const at = rest % from[axis];
      rest = (rest - at) / from[axis];
      block += (at >> 1) * stride;
      stride *= to[axis];
    }
    sums[block] += values[i];
    counts[block]++;
  }
  return sums.map((sum, block) => sum / counts[block]);
}
