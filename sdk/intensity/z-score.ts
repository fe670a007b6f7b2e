import type { Volume } from '../data/images/volume';
import { mean } from '../math/statistics/moments';
import type { LearnedMap } from './normalize-volume';
import { applyLearned } from './normalize-volume';
import type { RegionOptions } from './region';
import { regionMoments, regionSettings } from './region';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link zScore}. */
export type ZScoreOptions = RegionOptions;

/**
 * Brings the intensities in the brain to mean 0 and standard deviation 1 (divisor n).
 *
 * @throws ConcordError `missing-value` without a mask, `failed-step` when it is empty or nearly so, `invalid-voxels`
 * when intensities are not finite or all alike; `invalid-option`.
 *
 * @example
 * ```ts
 * const normalized = intensity.zScore(volume);
 * ```
 */
export function zScore(volume: Volume, options: ZScoreOptions = {}): Volume {
  requireCall('intensity.zScore', { volume, options });
  const region = regionSettings(options);
  const { mean: center, sd } = regionMoments(volume, region, 'zScore');
  return applyLearned(volume, { name: 'zScore', region, options: {} }, standardizing(center, sd));
}

/** The map to mean 0 and standard deviation 1 of finite values that are not all alike. */
export function zScoreMap(values: Float64Array): LearnedMap {
  const center = mean(values);
  return standardizing(center, spread(values, center));
}

function standardizing(center: number, sd: number): LearnedMap {
  return {
    map: { kind: 'linear', scale: 1 / sd, offset: -center / sd },
    learned: { mean: center, sd },
    issues: [],
  };
}

/** The standard deviation with divisor n, about a known mean. */
function spread(values: Float64Array, center: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - center) * (values[i] - center);
  return Math.sqrt(sum / values.length);
}
