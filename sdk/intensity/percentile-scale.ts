import { ConcordError } from '../errors';
import type { Volume } from '../data/images/volume';
import { quantile, sortedValues } from '../math/statistics/quantiles';
import type { LearnedMap } from './normalize-volume';
import { normalizeVolume } from './normalize-volume';
import type { RegionOptions } from './region';
import { regionSettings } from './region';
import { advise, call, either, option } from '../remedy';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link percentileScale}. */
export interface PercentileScaleOptions extends RegionOptions {
  /**
   * The two percentiles, 0 to 100, that are brought to the ends of `range`.
   *
   * @defaultValue `[0.5, 99.5]`
   */
  readonly percentiles?: readonly [low: number, high: number];
  /** What the two percentiles become. @defaultValue `[0, 1]` */
  readonly range?: readonly [low: number, high: number];
  /**
   * Whether intensities beyond the percentiles stop at the ends of the range instead of continuing in proportion.
   *
   * @defaultValue `false`
   */
  readonly clip?: boolean;
}

/**
 * Brings two percentiles of the intensities in the brain to fixed values and everything else in proportion. Unlike the
 * least and the greatest intensity, percentiles do not depend on a single bright voxel.
 *
 * @throws ConcordError `invalid-option` when percentiles or range do not ascend; otherwise as {@link zScore}, and
 * `invalid-voxels` when both percentiles have the same intensity.
 */
export function percentileScale(volume: Volume, options: PercentileScaleOptions = {}): Volume {
  requireCall('intensity.percentileScale', { volume, options });
  const region = regionSettings(options);
  const settings = percentileSettings(options);
  const step = { name: 'percentileScale', region, options: { ...settings } };
  return normalizeVolume(volume, step, (values) => percentileMap(values, settings));
}

/** {@link PercentileScaleOptions} with defaults filled in. */
export type PercentileSettings = Required<Omit<PercentileScaleOptions, keyof RegionOptions>>;

/** Fills in the defaults and checks them. */
export function percentileSettings(options: PercentileScaleOptions): PercentileSettings {
  const { percentiles = [0.5, 99.5], range = [0, 1], clip = false } = options;
  if (!(percentiles[0] >= 0 && percentiles[0] < percentiles[1] && percentiles[1] <= 100)) {
    throw new ConcordError(
      'invalid-option',
      `invalid percentiles: ${percentiles.join(', ')} (two from 0 to 100, ascending)`,
    );
  }
  if (!(range[0] < range[1] && Number.isFinite(range[1] - range[0]))) {
    throw new ConcordError('invalid-option', `invalid range: ${range.join(', ')} (two numbers, ascending)`);
  }
  return { percentiles, range, clip };
}

/** The map that brings two percentiles of the values to fixed ones. */
export function percentileMap(values: Float64Array, settings: PercentileSettings): LearnedMap {
  const { percentiles, range, clip } = settings;
  const sorted = sortedValues(values);
  const ends = percentiles.map((percentile) => quantile(sorted, percentile / 100));
  if (!(ends[0] < ends[1])) {
    throw new ConcordError('invalid-voxels', `percentiles ${percentiles.join(' and ')} are both ${ends[0]}`, {
      remedy: [
        either(
          'check the mask',
          advise`move ${option('percentiles')} farther apart`,
          advise`use ${call('intensity.zScore')}`,
        ),
      ],
    });
  }
  const scale = (range[1] - range[0]) / (ends[1] - ends[0]);
  return {
    map: clip
      ? { kind: 'piecewise-linear', from: ends, to: range, beyond: 'hold' }
      : { kind: 'linear', scale, offset: range[0] - scale * ends[0] },
    learned: { intensities: ends },
    issues: [],
  };
}
