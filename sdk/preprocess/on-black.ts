import type { Volume } from '../data/images/volume';
import { quantile, sortedValues } from '../math/statistics/quantiles';

/** Nothing in a brain is so bright, as a share of the brightest, that all else is brighter. */
const shiftedUp = 0.3;

/**
 * Darkens the background of a brain that was cut out and then shifted, by z-scores for example: there 0, the intensity
 * of no signal, has become the intensity of some tissue, and would mix with the rim of the brain in any resampling.
 *
 * @returns the volume with another background, and its intensity; the volume as it is where that is not so
 */
export function onBlack(volume: Volume): { readonly filled: Volume; readonly fill?: number } {
  const { data, mask } = volume;
  if (mask === undefined) return { filled: volume };
  const inside = sortedValues(data, mask);
  const low = quantile(inside, 0.005);
  const high = quantile(inside, 0.98);
  const black = data.every((value, voxel) => value === 0 || mask[voxel] !== 0);
  const shifted = low < -0.02 * (high - low) || low > shiftedUp * high;
  if (!black || !shifted) return { filled: volume };
  // Lower than anything inside, so that it is known again.
  const fill = Math.fround(inside[0] - 0.01 * (high - low));
  return {
    filled: { ...volume, data: data.map((value, voxel) => (mask[voxel] === 0 ? fill : value)) },
    fill,
  };
}
