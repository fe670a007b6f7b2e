import { ConcordError } from '../errors';
import type { Issue } from '../data/issue';
import { quantile, sortedValues } from '../math/statistics/quantiles';
import type { LearnedMap } from './normalize-volume';
import type { RegionSettings } from './region';

/** A standard histogram: where each landmark is once a scan is standardized. Plain JSON. */
export interface NyulModel {
  readonly kind: 'nyul';
  /** The landmarks, as percentiles from 0 to 100. */
  readonly percentiles: readonly number[];
  /** The intensity of each landmark on the standard scale. */
  readonly standard: readonly number[];
  /** How many scans it was learned from. */
  readonly scans: number;
  readonly region: RegionSettings;
  /** What was noticed while fitting: scans that could not be used. */
  readonly issues: readonly Issue[];
}

/** Where the landmarks are and to what scale they are brought. */
export interface NyulSettings {
  /** As percentiles from 0 to 100. */
  readonly landmarks: readonly number[];
  readonly scale: readonly [low: number, high: number];
}

/** Fills in the defaults of the landmarks and checks them. */
export function nyulSettings(options: Partial<NyulSettings>): NyulSettings {
  const { landmarks = [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99], scale = [0, 100] } = options;
  const ascends = landmarks.every((landmark, i) => i === 0 || landmark > landmarks[i - 1]);
  const last = landmarks[landmarks.length - 1];
  if (!(landmarks.length >= 2 && ascends && landmarks[0] >= 0 && last <= 100)) {
    throw new ConcordError(
      'invalid-option',
      `invalid landmarks: ${landmarks.join(', ')} (at least two percentiles from 0 to 100, ascending)`,
    );
  }
  if (!(scale[0] < scale[1] && Number.isFinite(scale[1] - scale[0]))) {
    throw new ConcordError('invalid-option', `invalid scale: ${scale.join(', ')} (two numbers, ascending)`);
  }
  return { landmarks, scale };
}

/**
 * The landmarks of one scan.
 *
 * @throws ConcordError `invalid-voxels` when the first and the last have the same intensity.
 */
export function nyulLandmarks(values: Float64Array, percentiles: readonly number[]): readonly number[] {
  const sorted = sortedValues(values);
  const landmarks = percentiles.map((percentile) => quantile(sorted, percentile / 100));
  if (!(landmarks[0] < landmarks[landmarks.length - 1])) {
    throw new ConcordError(
      'invalid-voxels',
      `all landmarks are at intensity ${landmarks[0]} (check the mask; a brain has more contrast)`,
    );
  }
  return landmarks;
}

/** Averages the landmarks of scans after each scan's first and last were brought to the ends of the scale. */
export function standardLandmarks(
  scans: readonly (readonly number[])[],
  scale: NyulSettings['scale'],
): readonly number[] {
  return scans[0].map((_, k) => {
    let sum = 0;
    for (const landmarks of scans) {
      const first = landmarks[0];
      const last = landmarks[landmarks.length - 1];
      sum += scale[0] + ((landmarks[k] - first) / (last - first)) * (scale[1] - scale[0]);
    }
    return sum / scans.length;
  });
}

/** The map that takes the landmarks of a scan to the standard ones; beyond them it continues with the nearest slope. */
export function nyulMap(
  values: Float64Array,
  model: Pick<NyulModel, 'percentiles' | 'standard'>,
): LearnedMap {
  const landmarks = nyulLandmarks(values, model.percentiles);
  const { from, to } = mergeTies(landmarks, model.standard);
  return {
    map: { kind: 'piecewise-linear', from, to, beyond: 'extend' },
    learned: { landmarks },
    issues: [],
  };
}

/** Knots at strictly ascending intensities: where several landmarks share one, their targets are averaged. */
export function mergeTies(
  from: readonly number[],
  to: readonly number[],
): { readonly from: readonly number[]; readonly to: readonly number[] } {
  const knots: { readonly at: number; sum: number; count: number }[] = [];
  from.forEach((at, k) => {
    const last = knots.at(-1);
    if (last !== undefined && last.at === at) {
      last.sum += to[k];
      last.count++;
    } else knots.push({ at, sum: to[k], count: 1 });
  });
  return { from: knots.map(({ at }) => at), to: knots.map(({ sum, count }) => sum / count) };
}
