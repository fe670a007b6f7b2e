import { ConcordError } from '../errors';
import type { Volume } from '../data/images/volume';
import { quantile, sortedValues } from '../math/statistics/quantiles';
import type { LearnedMap } from './normalize-volume';
import { normalizeVolume } from './normalize-volume';
import type { RegionOptions } from './region';
import { regionSettings } from './region';
import type { PeakOptions } from './tissue-peak';
import { requirePeakOptions, tissuePeak } from './tissue-peak';
import { zScoreMap } from './z-score';
import { advise, call, either, option } from '../remedy';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link whiteStripe}. */
export interface WhiteStripeOptions extends RegionOptions, PeakOptions {
  /**
   * How far the stripe reaches to either side of the peak, as a share of the voxels.
   *
   * @defaultValue 0.05
   */
  readonly width?: number;
}

/**
 * Normalizes by the white stripe: the intensities whose quantile is within `width` of the white-matter peak get mean 0
 * and standard deviation 1 (Shinohara et al. 2014, "Statistical normalization techniques for magnetic resonance imaging",
 * NeuroImage: Clinical 6:9). How the peak is found, and what is decided there that the paper leaves open: `tissuePeak`.
 *
 * @throws ConcordError `invalid-option` on an option out of range, `failed-step` when no peak is found or the stripe
 * has no spread; otherwise as {@link zScore}.
 */
export function whiteStripe(volume: Volume, options: WhiteStripeOptions = {}): Volume {
  requireCall('intensity.whiteStripe', { volume, options });
  const region = regionSettings(options);
  const settings = whiteStripeSettings(options);
  const step = { name: 'whiteStripe', region, options: { ...settings } };
  return normalizeVolume(volume, step, (values) => whiteStripeMap(values, settings));
}

/** {@link WhiteStripeOptions} with defaults filled in; no bandwidth: chosen scan by scan. */
export type WhiteStripeSettings = Required<Omit<WhiteStripeOptions, keyof RegionOptions | 'bandwidth'>> &
  Pick<WhiteStripeOptions, 'bandwidth'>;

/** Fills in the defaults and checks them. */
export function whiteStripeSettings(options: WhiteStripeOptions): WhiteStripeSettings {
  const { contrast = 'T1w', width = 0.05, bandwidth } = options;
  requirePeakOptions(options);
  if (!(width > 0 && width < 0.5)) {
    throw new ConcordError('invalid-option', `invalid width: ${width} (a share above 0 and below 0.5)`);
  }
  return { contrast, width, ...(bandwidth === undefined ? {} : { bandwidth }) };
}

/** The map that gives the white stripe of the values mean 0 and standard deviation 1. */
export function whiteStripeMap(values: Float64Array, settings: WhiteStripeSettings): LearnedMap {
  const sorted = sortedValues(values);
  const peak = tissuePeak(sorted, settings);
  const low = quantile(sorted, peak.quantile - settings.width);
  const high = quantile(sorted, peak.quantile + settings.width);
  const stripe = sorted.filter((value) => value > low && value < high);
  if (stripe.length < 2 || stripe[0] === stripe[stripe.length - 1]) {
    throw new ConcordError(
      'failed-step',
      `the white stripe from ${low} to ${high} holds ${stripe.length} voxels without spread`,
      {
        remedy: [
          either(advise`raise ${option('width')}`, 'check the mask', advise`use ${call('intensity.zScore')}`),
        ],
      },
    );
  }
  const { map, learned } = zScoreMap(stripe);
  return {
    map,
    learned: { ...learned, peak: peak.intensity, bandwidth: peak.bandwidth, stripe: [low, high] },
    issues: peak.issues,
  };
}
