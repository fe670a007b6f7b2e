import { median } from 'simple-statistics';
import type { QualityFigures } from './quality-figures';

/** Scans of one site whose intensities are on one scale. */
export interface ScaleGroup {
  readonly site: string;
  /** Their rows among the scans given. */
  readonly rows: readonly number[];
  /** The median of their white-matter peaks, in the scanner's unit. */
  readonly whitePeak: number;
}

/** Fewer scans than this are single ones that stand out, no population. */
const fewestScans = 3;

/** A gap between neighbors must be this many times the robust deviation on either side of it. */
const leastGap = 4;

/** And neighbors must differ by this factor: those of one scaling seldom differ by a quarter. */
const leastRatio = 1.25;

/**
 * Finds sites whose scans are on several scales of intensity, as after a change of the scanner's software: groups of at
 * least three scans, whose white-matter peaks are separated by a gap. The logarithms of the peaks are cut at their widest
 * gap when it is at least four times the robust standard deviation (1.4826 · median absolute deviation) of either side
 * and a factor of 1.25; then each side again.
 *
 * @param sites - what each scan is compared within
 * @returns the groups, of the sites that have several, from dark to bright
 */
export function intensityScales(
  scans: readonly Pick<QualityFigures, 'whitePeak'>[],
  sites: readonly string[],
): readonly ScaleGroup[] {
  return [...new Set(sites)].flatMap((site) => {
    const peaks = scans
      .flatMap(({ whitePeak }, row) =>
        sites[row] === site && whitePeak !== null && whitePeak > 0 ? [{ row, x: Math.log(whitePeak) }] : [],
      )
      .sort((one, other) => one.x - other.x);
    const groups = splitAtGaps(peaks);
    if (groups.length < 2) return [];
    return groups.map((group) => ({
      site,
      rows: group.map(({ row }) => row).sort((one, other) => one - other),
      whitePeak: Math.exp(median(group.map(({ x }) => x))),
    }));
  });
}

interface Peak {
  readonly row: number;
  readonly x: number;
}

function splitAtGaps(peaks: readonly Peak[]): readonly (readonly Peak[])[] {
  let widest = 0;
  let at = 0;
  for (let i = fewestScans; i <= peaks.length - fewestScans; i++) {
    const gap = peaks[i].x - peaks[i - 1].x;
    if (gap > widest) [widest, at] = [gap, i];
  }
  if (widest < Math.log(leastRatio)) return [peaks];
  const sides = [peaks.slice(0, at), peaks.slice(at)];
  if (sides.some((side) => widest < leastGap * robustDeviation(side))) return [peaks];
  return sides.flatMap(splitAtGaps);
}

function robustDeviation(peaks: readonly Peak[]): number {
  const center = median(peaks.map(({ x }) => x));
  return 1.4826 * median(peaks.map(({ x }) => Math.abs(x - center)));
}
