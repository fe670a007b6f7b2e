import { ConcordError } from '../errors';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { Contrast } from '../data/images/contrast';
import { contrasts } from '../data/images/contrast';
import { oneOf } from '../data/one-of';
import type { DensityPeak } from '../math/statistics/density-peaks';
import { fuzzyCenters } from '../math/images/fuzzy-c-means';
import { densityPeaks } from '../math/statistics/density-peaks';
import { kernelDensity } from '../math/statistics/kernel-density';
import { quantile } from '../math/statistics/quantiles';
import { advise, call, either, option } from '../remedy';

/** How a tissue peak is looked for. */
export interface PeakOptions {
  /**
   * Which peak: in `T1w` the last one, white matter; in `T2w` and `FLAIR` the highest one; in `PDw` the first one.
   *
   * @defaultValue `'T1w'`
   */
  readonly contrast?: Contrast;
  /**
   * The standard deviation of the Gaussian that smooths the histogram, in the scan's own unit of intensity.
   *
   * @defaultValue 6% of the distance between the 5th and the 95th percentile of the scan
   */
  readonly bandwidth?: number;
}

/** A tissue peak in the histogram of a scan. */
export interface TissuePeak {
  readonly intensity: number;
  /** The share of the voxels below it. */
  readonly quantile: number;
  /** The bandwidth it was found with. */
  readonly bandwidth: number;
  readonly issues: readonly Issue[];
}

/**
 * Of the 5th to 95th percentile range. On 45 brain-masked 2 mm scans of three sites, whose white matter shows as a mode
 * in some and as a mere shoulder in others, 3% to 5% also find ripples of noise above it, and 8% loses a shoulder.
 */
const defaultBandwidth = 0.06;

/** White matter is a third or more of a brain's voxels and the brightest: its peak is above this share of them. */
const leastQuantile = 0.6;

/**
 * How far the peak of white matter may be from the center of the brightest of three classes (fuzzy c-means), as a share of
 * the distance between that center and the darkest class's: below it, above it. On 219 brain-masked 2 mm scans of three
 * sites, whose white matter is known from its place, the last peak is off by a tenth or more in 4. In 2 of them, NSK01 and
 * NSK26, it is 0.24 and 0.18 above the center: noise has split one broad peak, and its two halves are on both sides.
 * In the others the last peak is at 0.14 at most, with three exceptions of the same kind (NSK29, NSK30, NSK31: 0.16 to
 * 0.19). HH013 has its only peak 0.15 below; NSK56, which is right, 0.10; all others less than 0.08. In the fourth, NSK36
 * (0.11 too low), and in NSK64 (0.08) the upper half shows with a little less smoothing only.
 */
const farthest = { below: 0.12, above: 0.15 };

/** The share of the bandwidth with which halves are looked for that it has smoothed away. */
const lessSmoothing = 0.9;

/** Checks the options of a tissue peak. */
export function requirePeakOptions({ contrast = 'T1w', bandwidth }: PeakOptions): void {
  oneOf('contrast', contrast, contrasts);
  if (bandwidth !== undefined && !(bandwidth > 0 && Number.isFinite(bandwidth))) {
    throw new ConcordError('invalid-option', `invalid bandwidth: ${bandwidth} (a positive intensity)`);
  }
}

/**
 * Finds the peak of the reference tissue in a smoothed histogram: in T1w images white matter, the last mode **or
 * shoulder**, in T2w and FLAIR images the highest mode, in PDw images, where it is the darkest tissue, the first
 * (Shinohara et al. 2014, NeuroImage: Clinical 6:9, section 2.2; Reinhold et al. 2019, Proc. SPIE 10949:109493H, smooth
 * with a Gaussian kernel density, and say which mode is that of each contrast).
 *
 * Two decisions that the papers leave open matter on real scans. **The bandwidth is an absolute intensity**, as in
 * Reinhold et al., whose 80 however suits their scanners only; a factor of the standard deviation follows bright vessels
 * and fat. Here it is a share of the range between two percentiles, so that a scan in other units gives the same peak
 * in those units. **Shoulders count**: where gray and white matter overlap, white matter has no mode, and the last mode
 * is gray matter's; peaks are therefore looked for where the density arches upwards the most (see densityPeaks).
 * Where noise splits a broad peak of white matter in two, with this smoothing or a little less, its middle counts; a peak far from the class of white matter
 * is an issue.
 *
 * @param sorted - finite intensities of the brain, ascending
 * @throws ConcordError `failed-step` when there is no peak; `invalid-option` on a bandwidth far too small;
 * `invalid-voxels` when nine tenths of the intensities are alike.
 */
export function tissuePeak(sorted: Float64Array, options: PeakOptions = {}): TissuePeak {
  const { contrast = 'T1w' } = options;
  const bandwidth = options.bandwidth ?? robustBandwidth(sorted);
  const peaks = densityPeaks(kernelDensity(sorted, bandwidth));
  if (peaks.length === 0) {
    throw new ConcordError('failed-step', `no tissue peak found with a bandwidth of ${bandwidth}`, {
      remedy: [
        either(
          'look at the histogram',
          advise`change ${option('bandwidth')}`,
          advise`use ${call('intensity.zScore')}`,
        ),
      ],
    });
  }
  if (contrast !== 'T1w') return describePeak(sorted, peakOf(contrast, peaks), { bandwidth, issues: [] });
  const classes = fuzzyCenters(sorted).centers;
  const finer = densityPeaks(kernelDensity(sorted, lessSmoothing * bandwidth));
  const value = middleOfHalves(peaks, classes) ?? middleOfHalves(finer, classes) ?? lastOf(peaks);
  const [csf, , white] = classes;
  const issues = [...doubts(value, shareBelow(sorted, value)), ...farFromClass(value, { csf, white })];
  return describePeak(sorted, value, { bandwidth, issues: issues.slice(0, 1) });
}

function describePeak(
  sorted: Float64Array,
  intensity: number,
  found: Pick<TissuePeak, 'bandwidth' | 'issues'>,
): TissuePeak {
  return { intensity, quantile: shareBelow(sorted, intensity), ...found };
}

function lastOf(peaks: readonly DensityPeak[]): number {
  return peaks[peaks.length - 1].value;
}

/** The middle of the last two peaks where they are the halves of one, see {@link farthest}; else `undefined`. */
function middleOfHalves(peaks: readonly DensityPeak[], classes: Float64Array): number | undefined {
  const [csf, gray, white] = classes;
  const last = peaks.at(-1)?.value ?? -Infinity;
  const before = peaks.at(-2)?.value ?? -Infinity;
  const split =
    last > white + farthest.above * (white - csf) && before > (gray + white) / 2 && before < white;
  return split ? (before + last) / 2 : undefined;
}

function farFromClass(value: number, { csf, white }: { csf: number; white: number }): readonly Issue[] {
  const distance = (value - white) / (white - csf);
  if (distance >= -farthest.below && distance <= farthest.above) return [];
  const message = `the last peak of the histogram, at ${value.toPrecision(4)}, is far from the center of the brightest of three classes of intensity, at ${white.toPrecision(4)}: it may not be white matter`;
  return [makeIssue('doubtful-peak', message)];
}

/** The first peak in PDw, where white matter is the darkest tissue; in T2w and FLAIR the highest. */
function peakOf(contrast: Exclude<Contrast, 'T1w'>, peaks: readonly DensityPeak[]): number {
  return contrast === 'PDw' ? peaks[0].value : peaks.reduce(higher).value;
}

function robustBandwidth(sorted: Float64Array): number {
  const range = quantile(sorted, 0.95) - quantile(sorted, 0.05);
  if (range > 0) return defaultBandwidth * range;
  throw new ConcordError(
    'invalid-voxels',
    `nine tenths of the voxels are ${sorted[sorted.length >> 1]} (check the mask; a brain has more contrast)`,
  );
}

function higher(one: DensityPeak, other: DensityPeak): DensityPeak {
  return other.height > one.height ? other : one;
}

/** The share of sorted values below a value. */
function shareBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low / sorted.length;
}

function doubts(intensity: number, share: number): readonly Issue[] {
  if (share >= leastQuantile) return [];
  const percent = Math.round(100 * (1 - share));
  const message = `the last peak of the histogram, at ${intensity.toPrecision(4)}, has ${percent}% of the brain above it: it may not be white matter`;
  return [makeIssue('doubtful-peak', message)];
}
