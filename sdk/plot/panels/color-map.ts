import { diverging } from './palette';
import type { Rgb } from './raster';
import { rgb } from './raster';

/** A run of colors for intensities: shades of gray, viridis, or blue over light gray to red for what has a sign. */
export type ColorMap = 'gray' | 'viridis' | 'diverging';

/** The names of the color maps. */
export const colorMaps: readonly ColorMap[] = ['gray', 'viridis', 'diverging'];

/** Evenly spaced colors; viridis is Smith & van der Walt 2015 (matplotlib, CC0) at nine points. */
const anchors: Readonly<Record<ColorMap, readonly Rgb[]>> = {
  gray: [
    [0, 0, 0],
    [255, 255, 255],
  ],
  viridis: [
    ...(['#440154', '#472D7B', '#3B528B', '#2C728E', '#21918C'] as const),
    ...(['#28AE80', '#5EC962', '#ADDC30', '#FDE725'] as const),
  ].map(rgb),
  diverging: diverging.map(([, color]) => rgb(color)),
};

/** Intensities that are not numbers stand out. */
export const notANumberColor: Rgb = [214, 39, 214];

/** The map as 256 colors, three bytes each, linear between its anchors. */
export function colorTable(map: ColorMap): Uint8Array {
  const colors = anchors[map];
  const table = new Uint8Array(3 * 256);
  for (let level = 0; level < 256; level++) {
    const place = (level / 255) * (colors.length - 1);
    const below = Math.min(Math.floor(place), colors.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const low = colors[below][channel];
      const high = colors[below + 1][channel];
      table[3 * level + channel] = Math.round(low + (high - low) * (place - below));
    }
  }
  return table;
}

/** The place of an intensity in a table of 256: `low` and below is 0, `high` and above 255. */
export function colorLevel(value: number, [low, high]: readonly [number, number]): number {
  const level = Math.round((255 * (value - low)) / (high - low));
  return level < 0 ? 0 : level > 255 ? 255 : level;
}
