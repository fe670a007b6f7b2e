import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { Contrast } from '../data/images/contrast';
import { contrasts } from '../data/images/contrast';
import { oneOf } from '../data/one-of';
import type { Volume } from '../data/images/volume';
import { fuzzyCenters } from '../math/images/fuzzy-c-means';
import { requireTarget, scaleTo } from './kde-normalize';
import type { LearnedMap } from './normalize-volume';
import { normalizeVolume } from './normalize-volume';
import type { RegionOptions } from './region';
import { regionSettings } from './region';
import { advise, call, either, option } from '../remedy';
import { requireCall } from '../data/calls/require-call';

const settle = [either(advise`raise ${option('maxIterations')}`, advise`use ${call('intensity.zScore')}`)];

/** The tissues of the brain. */
export type Tissue = 'wm' | 'gm' | 'csf';

/** Options of {@link fcmNormalize}. */
export interface FcmNormalizeOptions extends RegionOptions {
  /**
   * Which tissue sets the scale: white matter, gray matter or cerebrospinal fluid.
   *
   * @defaultValue `'wm'`
   */
  readonly tissue?: Tissue;
  /**
   * The order of the tissues: from dark to bright csf, gm, wm in `T1w`; wm, gm, csf in `T2w` and `PDw`; csf, wm, gm in
   * `FLAIR`.
   *
   * @defaultValue `'T1w'`
   */
  readonly contrast?: Contrast;
  /**
   * What the mean of the tissue becomes.
   *
   * @defaultValue 1
   */
  readonly target?: number;
}

/**
 * Scales a volume so that the mean intensity of a tissue is `target`: the fuzzy c-means method of Reinhold et al. 2019
 * ("Evaluating the impact of intensity normalization on MR image synthesis", Proc. SPIE 10949:109493H). The tissue is
 * where its class has the greatest of the three memberships. Zero stays zero.
 *
 * @throws ConcordError `invalid-option` on an option out of range, `failed-step` when the tissue's mean is not positive;
 * otherwise as {@link zScore}.
 */
export function fcmNormalize(volume: Volume, options: FcmNormalizeOptions = {}): Volume {
  requireCall('intensity.fcmNormalize', { volume, options });
  const region = regionSettings(options);
  const settings = fcmSettings(options);
  const step = { name: 'fcmNormalize', region, options: { ...settings } };
  return normalizeVolume(volume, step, (values) => fcmMap(values, settings));
}

/** {@link FcmNormalizeOptions} with defaults filled in. */
export type FcmSettings = Required<Omit<FcmNormalizeOptions, keyof RegionOptions>>;

/** Fills in the defaults and checks them. */
export function fcmSettings(options: FcmNormalizeOptions): FcmSettings {
  const { tissue = 'wm', contrast = 'T1w', target = 1 } = options;
  oneOf('tissue', tissue, ['wm', 'gm', 'csf']);
  oneOf('contrast', contrast, contrasts);
  requireTarget(target);
  return { tissue, contrast, target };
}

/** The tissues of each contrast, the darkest first. */
const tissuesByBrightness: Readonly<Record<Contrast, readonly Tissue[]>> = {
  T1w: ['csf', 'gm', 'wm'],
  T2w: ['wm', 'gm', 'csf'],
  PDw: ['wm', 'gm', 'csf'],
  FLAIR: ['csf', 'wm', 'gm'],
};

/** The map that scales the mean of a tissue to the target. */
export function fcmMap(values: Float64Array, { tissue, contrast, target }: FcmSettings): LearnedMap {
  const { centers, converged } = fuzzyCenters(values);
  const own = tissuesByBrightness[contrast].indexOf(tissue);
  // The greatest membership is the nearest center's: the class is between the midpoints to its neighbors.
  const low = own === 0 ? -Infinity : (centers[own - 1] + centers[own]) / 2;
  const high = own === centers.length - 1 ? Infinity : (centers[own] + centers[own + 1]) / 2;
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!(value > low && value <= high)) continue;
    sum += value;
    count++;
  }
  const issues: readonly Issue[] = converged
    ? []
    : [
        makeIssue(
          'not-converged',
          'the tissue classes had not settled when the iterations ended',
          {},
          settle,
        ),
      ];
  return {
    map: scaleTo(sum / count, target, `the mean of ${tissue}`),
    learned: { mean: sum / count, centers: [...centers] },
    issues,
  };
}
