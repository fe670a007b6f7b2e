import { makeIssue } from '../data/issue';
import { contrastOf } from '../data/images/contrast';
import type { Volume } from '../data/images/volume';
import { deepWhiteMatter } from '../math/images/deep-white-matter';
import { quantile, sortedAt } from '../math/statistics/quantiles';

/** By how much more the medians of the quarters may differ than before, as a share of their mean. */
const farthest = 0.01;

/**
 * The volume after its bias field was taken out, with an issue where deep white matter is less even than before: the
 * medians of its four quarters, left and right, front and back, differ more. In none of 219 brains do they. Nothing is said
 * of other contrasts than T1w, nor of what is too small to be a brain.
 */
export function doubtEvenness(before: Volume, after: Volume, suffix: string): Volume {
  if (contrastOf(suffix) !== 'T1w') return after;
  const voxels = deepWhiteMatter(before);
  if (voxels === undefined) return after;
  const quarters = inQuarters(voxels, before);
  const [was, is] = [before, after].map(({ data }) => quarterSpread(data, quarters));
  if (is <= was + farthest) return after;
  const [from, to] = [was, is].map((share) => (100 * share).toFixed(1));
  const message = `white matter is less even after the bias field was taken out: its quarters differ by ${to} %, before by ${from} %`;
  return { ...after, issues: [...after.issues, makeIssue('less-even', message)] };
}

/** Voxels by the side of their mean place that they are on, along the first two axes. */
export function inQuarters(
  voxels: readonly number[],
  { shape: [nx, ny] }: Volume,
): readonly (readonly number[])[] {
  const places = voxels.map((at) => [at % nx, Math.floor(at / nx) % ny] as const);
  const middle = [0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length);
  return [0, 1, 2, 3].map((quarter) =>
    voxels.filter((_, i) => {
      const [x, y] = places[i];
      return Number(x > middle[0]) + 2 * Number(y > middle[1]) === quarter;
    }),
  );
}

/** (greatest − least) / mean of the medians of the quarters. */
export function quarterSpread(data: Float32Array, quarters: readonly (readonly number[])[]): number {
  const medians = quarters.map((voxels) => quantile(sortedAt(data, voxels), 0.5));
  const mean = medians.reduce((sum, value) => sum + value, 0) / medians.length;
  return (Math.max(...medians) - Math.min(...medians)) / mean;
}
