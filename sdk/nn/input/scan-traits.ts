import { quantile, sortedValues } from '../../math/statistics/quantiles';
import { grayLevels, longestRun } from './gray-levels';
import type { SlicePattern } from './slice-pattern';
import type { ScanSlices } from './scan-in-slices';
import { slicePatterns } from './slice-pattern';

/** What can be said of a scan by numbers, whatever the unit of its intensities. */
export interface ScanTraits {
  /** The intensities inside at {@link quantileLevels}. */
  readonly quantiles: readonly number[];
  /**
   * The share of pixels inside that have the commonest intensity: large where a part is empty, or cut off at a value.
   */
  readonly commonest: number;
  /** How many different intensities hold nearly all pixels inside. */
  readonly levels: number;
  /**
   * The share of pixels inside that are in the fullest 4 of 100 equal steps of intensity (0.5th to 98th percentile): few levels
   * show by it though resampling has mixed them.
   */
  readonly crowded: number;
  /**
   * How little neighboring pixels inside have to do with each other: 0 in a smooth image, 1 in white noise (half the
   * mean square of differences along rows and columns over the variance: von Neumann's ratio).
   */
  readonly roughness: number;
  /**
   * The share of the largest cross-section at which the brain ends in one plane, in the worst of all directions: 1 for
   * a box, little for what is round. What is cut off ends so.
   */
  readonly cut: number;
  /** What each slice looks like from afar. */
  readonly patterns: readonly SlicePattern[];
}

/** The quantiles by which intensities are described; the ends are kept for what is in the tails. */
export const quantileLevels: readonly number[] = [
  0.005,
  ...Array.from({ length: 19 }, (_, i) => (i + 1) / 20),
  0.98,
];

/** Describes a scan; `undefined` where nothing is inside. */
export function scanTraits(scan: ScanSlices): ScanTraits | undefined {
  const { data, inside, empty } = scan;
  const values = data.filter((_, at) => inside[at] !== 0);
  if (values.length === 0) return undefined;
  const sorted = sortedValues(values);
  return {
    quantiles: quantileLevels.map((level) => quantile(sorted, level)),
    commonest: Math.max(empty, ((1 - empty) * longestRun(sorted)) / values.length),
    levels: grayLevels(values),
    crowded: crowdedOf(sorted),
    roughness: roughnessOf(scan, values),
    cut: cutOf(scan),
    patterns: slicePatterns(scan),
  };
}

function cutOf({ inside, height, width, positions, stacked }: ScanSlices): number {
  const axes = [
    { step: 1, count: width },
    { step: width, count: height },
    ...(stacked ? [{ step: width * height, count: positions.length }] : []),
  ];
  return axes.reduce((worst, axis) => Math.max(worst, cutAlong(inside, axis)), 0);
}

function cutAlong(
  inside: Uint8Array,
  { step, count }: { readonly step: number; readonly count: number },
): number {
  const [sections, begins, ends] = Array.from({ length: 3 }, () => new Float64Array(count));
  for (let at = 0; at < inside.length; at++) {
    if (inside[at] === 0) continue;
    const place = Math.floor(at / step) % count;
    sections[place]++;
    if (place === 0 || inside[at - step] === 0) begins[place]++;
    if (place === count - 1 || inside[at + step] === 0) ends[place]++;
  }
  const most = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), 0);
  return Math.max(most(begins), most(ends)) / most(sections);
}

function crowdedOf(sorted: Float64Array): number {
  const low = quantile(sorted, quantileLevels[0]);
  const high = quantile(sorted, 0.98);
  const counts = new Float64Array(100);
  for (const value of sorted) {
    const step = Math.floor((100 * (value - low)) / (high - low));
    if (step >= 0 && step < 100) counts[step]++;
  }
  const fullest = counts.sort().subarray(-4);
  return fullest.reduce((sum, count) => sum + count, 0) / sorted.length;
}

function roughnessOf({ data, inside, height, width }: ScanSlices, values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  let sum = 0;
  let pairs = 0;
  const add = (one: number, other: number): void => {
    if (inside[one] === 0 || inside[other] === 0) return;
    sum += (data[one] - data[other]) ** 2;
    pairs++;
  };
  for (let at = 0; at < data.length; at++) {
    const column = at % width;
    if (column + 1 < width) add(at, at + 1);
    if (at % (height * width) < (height - 1) * width) add(at, at + width);
  }
  return pairs === 0 || variance === 0 ? 1 : sum / pairs / (2 * variance);
}
