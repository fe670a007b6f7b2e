import type { Issue } from '../data/issue';
import { provenanceStep } from '../data/provenance';
import type { Volume } from '../data/volume';
import { withVolume } from '../data/volume';
import type { IntensityMap } from './intensity-map';
import type { RegionSettings } from './region';
import { mapRegion, regionValues } from './region';

/** What a method makes of the intensities of one scan. */
export interface LearntMap {
  readonly map: IntensityMap;
  /** What the map was made from: means, peaks, landmarks; for the record. */
  readonly learned: Readonly<Record<string, number | string | readonly number[]>>;
  readonly issues: readonly Issue[];
}

/** Learns a map from the region of a volume and takes the volume through it. */
export function normalizeVolume(
  volume: Volume,
  step: {
    readonly name: string;
    readonly region: RegionSettings;
    readonly options: Readonly<Record<string, unknown>>;
  },
  learn: (values: Float64Array) => LearntMap,
): Volume {
  const { name, region, options } = step;
  const { map, learned, issues } = learn(regionValues(volume, region, name));
  const inside = region.region === 'mask' ? volume.mask : undefined;
  const data = mapRegion(volume.data, map, { inside, outside: region.outside });
  return withVolume(volume, { data, issues }, provenanceStep(name, { ...region, ...options, learned }));
}
