import type { CohortSource } from '../../data/images/slice-source';
import { positionsOfScans, requireFiniteImages } from '../../data/images/slice-source';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { quantile, sortedValues } from '../../math/statistics/quantiles';

/** The intensities between which a scan is: they become −1 and 1 for the network. */
export interface IntensityRange {
  /** 0, or the 0.5th percentile of what is not background where that is below 0. */
  readonly low: number;
  /** The 98th percentile of what is not background. */
  readonly high: number;
}

/**
 * Measures the range of each scan, on all its slices together, so that what differs between slices stays.
 *
 * Scanners give intensities in units of their own, which say nothing; even at one site they can differ by a factor. The
 * range is robust: it depends on no single voxel. Background is what is exactly 0.
 *
 * @returns one for each participant
 * @throws ConcordError `invalid-voxels` naming the scan when a pixel is not finite or all are alike.
 */
export async function measureScanRanges(
  source: CohortSource,
  run: RunOptions = {},
): Promise<readonly IntensityRange[]> {
  const { ids } = source.participants;
  const positionsOf = positionsOfScans(source);
  const report = progressReporter('measuring intensities', ids.length, run);
  const ranges: IntensityRange[] = [];
  for (const [row, id] of ids.entries()) {
    await breathe(run.signal);
    const positions = positionsOf[row];
    const images = await source.read(positions);
    requireFiniteImages(images, positions, source);
    ranges.push(rangeOf(images, id));
    report(row + 1);
  }
  return ranges;
}

/**
 * The range of one scan's images.
 *
 * @throws ConcordError `invalid-voxels` naming the scan when it is empty or all of one intensity.
 */
export function rangeOf(images: Float32Array, scan: string): IntensityRange {
  const inside = sortedValues(images.filter((value) => value !== 0));
  const low = Math.min(0, quantile(inside, 0.005));
  const high = quantile(inside, 0.98);
  if (inside.length > 0 && high - low > 1e-12 * Math.abs(high)) return { low, high };
  throw new ConcordError(
    'invalid-voxels',
    `the scan "${scan}" is empty or all of one intensity (leave it out)`,
    {
      where: { subject: scan },
    },
  );
}

/** Brings intensities from a range to −1 … 1. */
export function toUnit(value: number, { low, high }: IntensityRange): number {
  return (2 * (value - low)) / (high - low) - 1;
}

/** Undoes {@link toUnit}. */
export function fromUnit(value: number, { low, high }: IntensityRange): number {
  return low + ((value + 1) / 2) * (high - low);
}

/** The mean of ranges. */
export function meanRange(ranges: readonly IntensityRange[]): IntensityRange {
  const mean = (end: 'low' | 'high'): number =>
    ranges.reduce((sum, range) => sum + range[end], 0) / ranges.length;
  return { low: mean('low'), high: mean('high') };
}

/** The source with each image brought from the range of its scan to −1 … 1. */
export function scaledSource(source: CohortSource, ranges: readonly IntensityRange[]): CohortSource {
  const rangeOfScan = new Map(source.participants.ids.map((id, row) => [id, ranges[row]]));
  const size = source.shape.reduce((product, length) => product * length, 1);
  return {
    ...source,
    read: async (positions) => {
      const images = await source.read(positions);
      Array.from(positions).forEach((position, i) => {
        const range = rangeOfScan.get(source.slices[position].scan);
        if (range === undefined) return;
        for (let at = i * size; at < (i + 1) * size; at++) images[at] = toUnit(images[at], range);
      });
      return images;
    },
  };
}
