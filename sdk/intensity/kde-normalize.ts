import { ConcordError } from '../errors';
import type { Volume } from '../data/images/volume';
import { sortedValues } from '../math/statistics/quantiles';
import type { LearnedMap } from './normalize-volume';
import { normalizeVolume } from './normalize-volume';
import type { RegionOptions } from './region';
import { regionSettings } from './region';
import type { PeakOptions } from './tissue-peak';
import { requirePeakOptions, tissuePeak } from './tissue-peak';
import { advise, call } from '../remedy';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link kdeNormalize}. */
export interface KdeNormalizeOptions extends RegionOptions, PeakOptions {
  /**
   * What the peak becomes.
   *
   * @defaultValue 1
   */
  readonly target?: number;
}

/**
 * Scales a volume so that the white-matter peak of its smoothed histogram (in T2w and FLAIR images the highest peak) is
 * at `target`: the kernel-density method of Reinhold et al. 2019 ("Evaluating the impact of intensity normalization on
 * MR image synthesis", Proc. SPIE 10949:109493H). Zero stays zero. How the peak is found: `tissuePeak`.
 *
 * @throws ConcordError `invalid-option` on an option out of range, `failed-step` when no peak is found or it is not
 * positive; otherwise as {@link zScore}.
 */
export function kdeNormalize(volume: Volume, options: KdeNormalizeOptions = {}): Volume {
  requireCall('intensity.kdeNormalize', { volume, options });
  const region = regionSettings(options);
  const settings = kdeSettings(options);
  const step = { name: 'kdeNormalize', region, options: { ...settings } };
  return normalizeVolume(volume, step, (values) => kdeMap(values, settings));
}

/** {@link KdeNormalizeOptions} with defaults filled in; no bandwidth: chosen scan by scan. */
export type KdeSettings = Required<Omit<KdeNormalizeOptions, keyof RegionOptions | 'bandwidth'>> &
  Pick<KdeNormalizeOptions, 'bandwidth'>;

/** Fills in the defaults and checks them. */
export function kdeSettings(options: KdeNormalizeOptions): KdeSettings {
  const { contrast = 'T1w', target = 1, bandwidth } = options;
  requirePeakOptions(options);
  requireTarget(target);
  return { contrast, target, ...(bandwidth === undefined ? {} : { bandwidth }) };
}

/** The map that scales the tissue peak of the values to the target. */
export function kdeMap(values: Float64Array, settings: KdeSettings): LearnedMap {
  const peak = tissuePeak(sortedValues(values), settings);
  return {
    map: scaleTo(peak.intensity, settings.target, 'the tissue peak'),
    learned: { peak: peak.intensity, bandwidth: peak.bandwidth },
    issues: peak.issues,
  };
}

/** The map x → x · target / intensity. */
export function scaleTo(intensity: number, target: number, what: string): LearnedMap['map'] {
  if (!(intensity > 0)) {
    throw new ConcordError('failed-step', `${what} is at ${intensity}`, {
      remedy: advise`scaling requires positive intensities; normalize the scan as it came, or use ${call('intensity.zScore')}`,
    });
  }
  return { kind: 'linear', scale: target / intensity, offset: 0 };
}

/** Throws unless a target intensity is positive. */
export function requireTarget(target: number): void {
  if (!(target > 0 && Number.isFinite(target))) {
    throw new ConcordError('invalid-option', `invalid target: ${target} (a positive number)`);
  }
}
