import type { SlicePattern } from './slice-pattern';
import { brainIn } from './slice-pattern';

/** How slices follow each other, whatever they show. */
export interface SliceProfile {
  /**
   * How far the amount of brain falls and rises again from slice to slice, as a share of the largest: a head has one widest
   * place; slices out of order, or wrapped around, have more.
   */
  readonly dip: number;
  /**
   * How much the mean intensity of a slice differs from those of its two neighbors, mean, in standard deviations of the
   * intensities seen from afar; `NaN` where slices are too few or too far apart to say.
   */
  readonly flicker: number;
}

/** Slices farther apart than this, in mm, differ by what they show. */
export const nearSlices = 4.5;

/** Slices with less than this share of the brain in the largest are left out: their means are those of few pixels. */
const enough = 0.4;

/** Describes how slices follow each other. */
export function sliceProfile(patterns: readonly SlicePattern[]): SliceProfile {
  const slices = [...patterns]
    .sort((a, b) => a.position - b.position)
    .map(({ position, cover, values }) => {
      const area = brainIn(cover);
      const sum = cover.reduce((total, share, cell) => total + share * values[cell], 0);
      return { position, area, mean: area > 0 ? sum / area : 0 };
    });
  return { dip: dipOf(slices.map(({ area }) => area)), flicker: flickerOf(slices, spreadOf(patterns)) };
}

function dipOf(areas: readonly number[]): number {
  const largest = Math.max(...areas);
  let before = 0;
  let dip = 0;
  areas.forEach((area, at) => {
    const after = areas.slice(at).reduce((most, value) => Math.max(most, value), 0);
    before = Math.max(before, area);
    dip = Math.max(dip, Math.min(before, after) - area);
  });
  return largest > 0 ? dip / largest : 0;
}

/** The standard deviation of the cells. */
function spreadOf(patterns: readonly SlicePattern[]): number {
  let weight = 0;
  let sum = 0;
  let squares = 0;
  for (const { cover, values } of patterns) {
    cover.forEach((share, cell) => {
      weight += share;
      sum += share * values[cell];
      squares += share * values[cell] ** 2;
    });
  }
  return weight > 0 ? Math.sqrt(Math.max(0, squares / weight - (sum / weight) ** 2)) : 0;
}

function flickerOf(
  slices: readonly { readonly position: number; readonly area: number; readonly mean: number }[],
  spread: number,
): number {
  const largest = slices.reduce((most, { area }) => Math.max(most, area), 0);
  const steps: number[] = [];
  for (let at = 1; at + 1 < slices.length; at++) {
    const three = slices.slice(at - 1, at + 2);
    if (three[2].position - three[0].position > 2 * nearSlices) continue;
    if (three.some(({ area }) => area < enough * largest)) continue;
    steps.push(Math.abs(three[1].mean - (three[0].mean + three[2].mean) / 2));
  }
  if (steps.length < 8 || spread === 0) return NaN;
  return steps.reduce((sum, step) => sum + step, 0) / steps.length / spread;
}
