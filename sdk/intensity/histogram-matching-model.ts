import { ConcordError } from '../errors';
import type { Issue } from '../data/issue';
import { quantile, sortedValues } from '../math/statistics/quantiles';
import type { LearnedMap } from './normalize-volume';
import { mergeTies } from './nyul-model';
import type { RegionSettings } from './region';

/** The distribution that scans are matched to. Plain JSON. */
export interface HistogramMatchingModel {
  readonly kind: 'histogram-matching';
  /** The reference intensities at evenly spaced quantiles from 0 to 1. */
  readonly quantiles: readonly number[];
  /** How many scans it was learned from. */
  readonly scans: number;
  readonly region: RegionSettings;
  /** What was noticed while fitting: scans that could not be used. */
  readonly issues: readonly Issue[];
}

/** Checks how many quantiles are asked for. */
export function requireLevels(levels: number): number {
  if (Number.isInteger(levels) && levels >= 2 && levels <= 100_000) return levels;
  throw new ConcordError('invalid-option', `invalid levels: ${levels} (a whole number from 2 to 100000)`);
}

/** The intensities at `levels` evenly spaced quantiles from 0 to 1. */
export function evenQuantiles(values: Float64Array, levels: number): readonly number[] {
  const sorted = sortedValues(values);
  return Array.from({ length: levels }, (_, i) => quantile(sorted, i / (levels - 1)));
}

/** The average of the quantiles of several scans, level by level. */
export function averageQuantiles(scans: readonly (readonly number[])[]): readonly number[] {
  return scans[0].map((_, k) => {
    let sum = 0;
    for (const quantiles of scans) sum += quantiles[k];
    return sum / scans.length;
  });
}

/** The map that takes the quantiles of the values to those of the reference, and nothing beyond either. */
export function histogramMatchingMap(
  values: Float64Array,
  reference: HistogramMatchingModel['quantiles'],
): LearnedMap {
  const { from, to } = mergeTies(evenQuantiles(values, reference.length), reference);
  return {
    map: { kind: 'piecewise-linear', from, to, beyond: 'hold' },
    learned: { least: from[0], greatest: from[from.length - 1] },
    issues: [],
  };
}
