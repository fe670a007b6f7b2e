import { quantile, sortedValues } from '../../math/statistics/quantiles';
import type { ScanSlices } from './scan-in-slices';
import { quantileLevels } from './scan-traits';

/** The intensities in the brain of one slice. */
export interface SliceIntensities {
  /** Where the slice is along the axis that its plane cuts, in mm. */
  readonly position: number;
  /** How many pixels are brain. */
  readonly pixels: number;
  /** At {@link quantileLevels}. */
  readonly quantiles: readonly number[];
}

/** Describes the intensities of every slice that has brain in it. */
export function sliceIntensities({ data, inside, height, width, positions }: ScanSlices): SliceIntensities[] {
  const area = height * width;
  return positions.flatMap((position, slice) => {
    const [from, to] = [slice * area, (slice + 1) * area];
    const sorted = sortedValues(data.subarray(from, to), inside.subarray(from, to));
    if (sorted.length === 0) return [];
    return [{ position, pixels: sorted.length, quantiles: quantileLevels.map((p) => quantile(sorted, p)) }];
  });
}
