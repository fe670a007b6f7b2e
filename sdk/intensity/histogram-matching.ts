import type { VolumeCohort } from '../data/cohort';
import type { StreamOptions } from '../math/images/stream-volumes';
import type { Volume } from '../data/images/volume';
import type { HistogramMatchingModel } from './histogram-matching-model';
import {
  averageQuantiles,
  evenQuantiles,
  histogramMatchingMap,
  requireLevels,
} from './histogram-matching-model';
import { learnFromScans } from './learn-from-scans';
import { normalizeVolume } from './normalize-volume';
import type { RegionOptions } from './region';
import { regionSettings, regionValues } from './region';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link fitHistogramMatching}. */
export interface HistogramMatchingOptions extends RegionOptions, StreamOptions {
  /**
   * At how many evenly spaced quantiles distributions are matched; between them in proportion.
   *
   * @defaultValue 1001
   */
  readonly levels?: number;
}

/**
 * Learns the distribution of intensities that scans are to have: that of one reference volume, or, of a cohort (all of
 * it, or the scans of one site), the average of the scans' quantiles.
 *
 * @throws ConcordError `invalid-option` on levels out of range; of a volume as `intensity.zScore`; of a cohort
 * `too-little-data` when no scan can be used, `aborted` when canceled, with `strict` whatever is wrong with a scan.
 *
 * @example
 * ```ts
 * const model = await intensity.fitHistogramMatching(reference);
 * const matched = intensity.applyHistogramMatching(model, volume);
 * ```
 */
export async function fitHistogramMatching(
  reference: Volume | VolumeCohort,
  options: HistogramMatchingOptions = {},
): Promise<HistogramMatchingModel> {
  requireCall('intensity.fitHistogramMatching', { reference, options });
  const region = regionSettings(options);
  const levels = requireLevels(options.levels ?? 1001);
  if (reference.kind === 'volume') {
    const quantiles = evenQuantiles(regionValues(reference, region, 'fitHistogramMatching'), levels);
    return { kind: 'histogram-matching', quantiles, scans: 1, region, issues: [] };
  }
  const scans: (readonly number[])[] = [];
  const step = { name: 'fitHistogramMatching', region, run: options };
  const issues = await learnFromScans(reference, step, (values) => {
    scans.push(evenQuantiles(values, levels));
  });
  return {
    kind: 'histogram-matching',
    quantiles: averageQuantiles(scans),
    scans: scans.length,
    region,
    issues,
  };
}

/**
 * Gives a volume the distribution of the reference: each quantile of its intensities becomes that of the reference
 * (Gonzalez & Woods, "Digital image processing", section 3.3, histogram specification). The map is monotone, and no
 * intensity leaves the range of the reference.
 *
 * @throws ConcordError as `intensity.zScore`.
 */
export function applyHistogramMatching(model: HistogramMatchingModel, volume: Volume): Volume {
  requireCall('intensity.applyHistogramMatching', { model, volume });
  const { quantiles, scans, region } = model;
  const last = quantiles.length - 1;
  const reference = { levels: quantiles.length, least: quantiles[0], greatest: quantiles[last], scans };
  const step = { name: 'applyHistogramMatching', region, options: { reference } };
  return normalizeVolume(volume, step, (values) => histogramMatchingMap(values, quantiles));
}
