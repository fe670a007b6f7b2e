import type { Plane } from '../data/image-set';
import type { Volume } from '../data/volume';
import { ConcordError } from '../errors';
import { sliceCount, slicePosition, volumePanel } from './panel';
import type { IntensityWindow } from './shown-values';

/** A slice shows something when this share of its pixels does. */
const enough = 0.02;

/** A pixel shows something when it is brighter than this share of the window. */
const bright = 0.2;

/** The first and the last slice with something to see: mask where there is one, otherwise brightness. */
export function filledSlices(volume: Volume, plane: Plane, [low, high]: IntensityWindow): [number, number] {
  const count = sliceCount(volume, plane);
  const threshold = low + bright * (high - low);
  const filled = Array.from({ length: count }, (_, index) => {
    const { values, mask } = volumePanel(volume, plane, index);
    if (mask !== undefined) return mask.some((inside) => inside !== 0);
    let seen = 0;
    for (const value of values) if (value > threshold) seen++;
    return seen >= enough * values.length;
  });
  const first = filled.indexOf(true);
  return first === -1 ? [0, count - 1] : [first, filled.lastIndexOf(true)];
}

/** So many slices, evenly spread over a stretch, its ends left out because little is to be seen there. */
export function evenlySpread([first, last]: readonly [number, number], count: number): number[] {
  const [low, high] = [first + 0.12 * (last - first), last - 0.12 * (last - first)];
  const places = Array.from({ length: count }, (_, i) =>
    Math.round(count === 1 ? (low + high) / 2 : low + ((high - low) * i) / (count - 1)),
  );
  return [...new Set(places)];
}

/**
 * The slices nearest to positions in mm.
 *
 * @throws ConcordError `invalid-option` when a position lies outside the volume.
 */
export function slicesAt(volume: Volume, plane: Plane, positions: readonly number[]): number[] {
  const last = sliceCount(volume, plane) - 1;
  const [from, to] = [slicePosition(volume, plane, 0), slicePosition(volume, plane, last)];
  const step = last === 0 ? 1 : (to - from) / last;
  return positions.map((position) => {
    const index = Math.round((position - from) / step);
    if (index >= 0 && index <= last) return index;
    throw new ConcordError(
      'invalid-option',
      `invalid ${plane} slice: ${position} mm (the volume reaches from ${from.toFixed(1)} to ${to.toFixed(1)} mm)`,
    );
  });
}
