import type { Issue } from '../data/issue';
import { provenanceStep } from '../data/provenance';
import type { Volume } from '../data/images/volume';
import { withVolume } from '../data/images/volume';
import type { IntensityMap } from './intensity-map';
import type { RegionSettings } from './region';
import { mapRegion, regionValues } from './region';

/** What a method makes of the intensities of one scan. */
export interface LearnedMap {
  readonly map: IntensityMap;
  /** What the map was made from: means, peaks, landmarks; for the record. */
  readonly learned: Readonly<Record<string, number | string | readonly number[]>>;
  readonly issues: readonly Issue[];
}

/** A normalization as it is in the record. */
export interface NormalizeStep {
  readonly name: string;
  readonly region: RegionSettings;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Learns a map from the region of a volume and takes the volume through it. */
export function normalizeVolume(
  volume: Volume,
  step: NormalizeStep,
  learn: (values: Float64Array) => LearnedMap,
): Volume {
  return applyLearned(volume, step, learn(regionValues(volume, step.region, step.name)));
}

/** Takes a volume through a map that was learned from its region. */
export function applyLearned(
  volume: Volume,
  step: NormalizeStep,
  { map, learned, issues }: LearnedMap,
): Volume {
  const { name, region, options } = step;
  const inside = region.region === 'mask' ? volume.mask : undefined;
  const data = mapRegion(volume.data, map, { inside, outside: region.outside });
  return withVolume(volume, { data, issues }, provenanceStep(name, { ...region, ...options, learned }));
}
