import type { VolumeCohort } from '../data/cohort';
import type { StreamOptions } from '../math/images/stream-volumes';
import type { Volume } from '../data/images/volume';
import { learnFromScans } from './learn-from-scans';
import { normalizeVolume } from './normalize-volume';
import type { NyulModel } from './nyul-model';
import { nyulLandmarks, nyulMap, nyulSettings, standardLandmarks } from './nyul-model';
import type { RegionOptions } from './region';
import { regionSettings } from './region';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link fitNyul}. */
export interface NyulOptions extends RegionOptions, StreamOptions {
  /**
   * The landmarks, as percentiles from 0 to 100, ascending.
   *
   * @defaultValue 1, 10, 20 … 90, 99
   */
  readonly landmarks?: readonly number[];
  /**
   * Where the first and the last landmark are on the standard scale.
   *
   * @defaultValue `[0, 100]`
   */
  readonly scale?: readonly [low: number, high: number];
}

/**
 * Learns a standard histogram from a cohort: landmarks of every scan, first and last brought to the ends of the standard
 * scale, averaged (Nyúl & Udupa 1999, Magn. Reson. Med. 42:1072; with deciles as landmarks: Nyúl, Udupa & Zhang 2000,
 * IEEE Trans. Med. Imaging 19:143). Scans are opened one at a time; those that cannot be used are issues of the model.
 *
 * @throws ConcordError `invalid-option` on an option out of range, `too-little-data` when no scan can be used,
 * `aborted` when canceled; with `strict` whatever is wrong with a scan.
 *
 * @example
 * ```ts
 * const model = await intensity.fitNyul(cohort);
 * const normalized = intensity.applyNyul(model, await cohort.scans[0].open());
 * ```
 */
export async function fitNyul(cohort: VolumeCohort, options: NyulOptions = {}): Promise<NyulModel> {
  requireCall('intensity.fitNyul', { cohort, options });
  const region = regionSettings(options);
  const { landmarks: percentiles, scale } = nyulSettings(options);
  const scans: (readonly number[])[] = [];
  const issues = await learnFromScans(cohort, { name: 'fitNyul', region, run: options }, (values) => {
    scans.push(nyulLandmarks(values, percentiles));
  });
  const standard = standardLandmarks(scans, scale);
  return { kind: 'nyul', percentiles, standard, scans: scans.length, region, issues };
}

/**
 * Standardizes a volume: its landmarks go to those of the model, what is between in proportion, and what is beyond
 * the first and the last with the slope of the nearest segment.
 *
 * @throws ConcordError as `intensity.zScore`, and `invalid-voxels` when all landmarks have the same intensity.
 */
export function applyNyul(model: NyulModel, volume: Volume): Volume {
  requireCall('intensity.applyNyul', { model, volume });
  const { percentiles, standard, scans, region } = model;
  const step = { name: 'applyNyul', region, options: { percentiles, standard, scans } };
  return normalizeVolume(volume, step, (values) => nyulMap(values, model));
}
