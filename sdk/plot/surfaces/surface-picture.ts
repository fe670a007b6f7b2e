import { requireCall } from '../../data/calls/require-call';
import type { Picture } from '../../data/images/picture';
import { oneOf } from '../../data/one-of';
import { ConcordError } from '../../errors';
import { requireWithin } from '../../data/require-within';
import { encodePicture } from '../html/encode-picture';
import { colorTable } from '../panels/color-map';
import { colorBar } from '../panels/draw-panel';
import { bright, captionHeight, dim, drawCaption, drawLines, ground, wrapText } from '../panels/sheet-text';
import type { Raster, Rgb } from '../panels/raster';
import { fillBox, makeRaster, paste } from '../panels/raster';
import { drawText, textHeight, textWidth } from '../panels/raster-text';
import { capHeight } from '../panels/bitmap-font';
import type { SurfaceFrame, SurfaceSight } from './draw-surface';
import { paintSight, seeSurface, viewExtent } from './draw-surface';
import type { MapColors, SurfaceColorOptions } from './map-colors';
import { mapColors, noValue } from './map-colors';
import type { SurfaceMapPart } from './map-part';
import { requireParts, sideOf, titleOfPart } from './map-part';
import type { SurfaceView } from './surface-view';
import { surfaceViews, viewAxes } from './surface-view';

/** Options of {@link surfacePicture}. */
export interface SurfacePictureOptions extends SurfaceColorOptions {
  /** Written above. */
  readonly title?: string;
  /** From where each surface is seen, a row for each. @defaultValue `['lateral', 'medial']` */
  readonly views?: readonly SurfaceView[];
  /** In pixels, from 200 to 8000. @defaultValue `1000` */
  readonly width?: number;
}

/** The color of vertices without a value: darker than the gray in the middle of signed scales ever becomes. */
export const noValueColor: Rgb = [118, 118, 118];

const gap = 8;
const margin = 24;
const bar = { width: 240, height: 14 };

/**
 * Draws maps on surfaces as a picture, without a browser: a column for each part, a row for each view, all at the same number of
 * pixels per millimeter. Below them is the bar of colors, and how many values are clipped at its ends; vertices without a value
 * are gray, and counted. Each point has the color of its nearest vertex.
 *
 * @param parts - one surface with its map, or several: both hemispheres
 * @throws ConcordError `different-grids` for a map with another number of vertices than its surface; `invalid-option`;
 * `invalid-voxels` for infinite values.
 *
 * @example
 * ```ts
 * const lh = { name: 'lh', surface: await surfaces.readSurface('lh.inflated'), values: await surfaces.readMap('effects/lh.Guys-shift.mgh') };
 * await writePicture(surfaces.picture([lh], { scale: 'signed', unit: 'mm', title: 'Guys: shift' }), 'shift.png');
 * ```
 */
export function surfacePicture(
  parts: readonly SurfaceMapPart[],
  options: SurfacePictureOptions = {},
): Picture {
  requireCall('surfaces.picture', { parts, options });
  return pictureOfMap(parts, options, new Map());
}

/** What was seen before, by part and frame: of many maps on the same surfaces it is found once. */
export type KeptSights = Map<string, SurfaceSight>;

/** The same for several maps on the same surfaces, of which `kept` remembers what is seen. */
export function pictureOfMap(
  parts: readonly SurfaceMapPart[],
  options: SurfacePictureOptions,
  kept: KeptSights,
): Picture {
  requireParts(parts);
  const { title, views = ['lateral', 'medial'], width = 1000 } = options;
  for (const view of views) oneOf('views', view, surfaceViews);
  if (views.length === 0) throw new ConcordError('invalid-option', 'invalid views: none (one at least)');
  requireWithin('width', width, [200, 8000]);
  const colors = mapColors(parts, options);
  const painted = parts.map((part) => colorsOf(part, colors));
  const { column, rows } = gridOf(parts, views, Math.round(width));
  const written = layOut(title, colors, Math.round(width));
  const grid = rows.reduce((sum, { height }) => sum + height + captionHeight + gap, 0);
  const sheet = makeRaster(Math.round(width), written.above + grid + written.below, ground);
  drawLines(sheet, written.title, [gap, gap], bright);
  let y = written.above;
  for (const { height, frames } of rows) {
    frames.forEach((frame, at) => {
      const x = gap + at * (column + gap);
      const drawn = paintSight(sightOf(parts[at], frame, kept), painted[at], ground);
      drawEdges(drawn, frame.view.edges);
      paste(sheet, drawn, [x, y]);
      const under = `${titleOfPart(parts[at])}, ${frame.view.title}`;
      drawCaption(sheet, under, { x, y: y + height + 2, width: column });
    });
    y += height + captionHeight + gap;
  }
  drawFoot(sheet, { colors, notes: written.notes, empty: options.empty ?? noValue, top: y });
  const what = title ?? 'a map on surfaces';
  const seen = `${parts.map(titleOfPart).join(' and ')}, ${views.join(' and ')}`;
  return encodePicture(sheet, `${what}: ${seen}; ${colors.notes.join('; ')}`);
}

/** A row for each view, a column for each part, and the scale with which the widest fits. */
function gridOf(
  parts: readonly SurfaceMapPart[],
  views: readonly SurfaceView[],
  width: number,
): {
  readonly column: number;
  readonly rows: readonly { readonly height: number; readonly frames: readonly SurfaceFrame[] }[];
} {
  const column = Math.floor((width - gap * (parts.length + 1)) / parts.length);
  const seen = views.map((view) =>
    parts.map((part) => {
      const axes = viewAxes(view, sideOf(part));
      return { view: axes, extent: viewExtent(part.surface, axes) };
    }),
  );
  const widest = Math.max(1e-6, ...seen.flatMap((row) => row.map(({ extent }) => extent[0])));
  const tallest = Math.max(...seen.flatMap((row) => row.map(({ extent }) => extent[1])));
  const room = Math.max(1, column - 2 * margin);
  // A surface that is tall and thin is no higher than three columns are wide.
  const scale = Math.min(room / widest, (3 * room) / Math.max(1e-6, tallest));
  const rows = seen.map((row) => {
    const height = Math.ceil(scale * Math.max(...row.map(({ extent }) => extent[1]))) + 2 * margin;
    return { height, frames: row.map(({ view }) => ({ view, width: column, height, scale })) };
  });
  return { column, rows };
}

function sightOf({ name, surface }: SurfaceMapPart, frame: SurfaceFrame, kept: KeptSights): SurfaceSight {
  const { view, width, height, scale } = frame;
  const key = JSON.stringify([name, view.title, width, height, scale]);
  const found = kept.get(key) ?? seeSurface(surface, frame);
  kept.set(key, found);
  return found;
}

/** Three bytes for each vertex. */
function colorsOf({ values }: SurfaceMapPart, map: MapColors): Uint8Array {
  const table = colorTable(map.colors);
  const colors = new Uint8Array(3 * values.length);
  for (let vertex = 0; vertex < values.length; vertex++) {
    const value = values[vertex];
    const level = 3 * Math.round(255 * map.place(value));
    for (let channel = 0; channel < 3; channel++)
      colors[3 * vertex + channel] = Number.isNaN(value) ? noValueColor[channel] : table[level + channel];
  }
  return colors;
}

/** What is written, and the room that it takes. */
function layOut(
  title: string | undefined,
  { notes }: MapColors,
  width: number,
): {
  readonly title: readonly string[];
  readonly notes: readonly string[];
  readonly above: number;
  readonly below: number;
} {
  const lines = title === undefined ? [] : wrapText(title, width - 2 * gap, 2);
  const below = notes.flatMap((note) => wrapText(note, width - 2 * gap, 2));
  return {
    title: lines,
    notes: below,
    above: gap + (lines.length === 0 ? 0 : textHeight(lines.length, 2) + gap),
    below: bar.height + 3 * gap + textHeight(below.length, 2) + gap,
  };
}

/** The bar of colors between the values at its ends, its middle named, what gray is, and the notes. */
function drawFoot(
  sheet: Raster,
  {
    colors,
    notes,
    empty,
    top,
  }: {
    readonly colors: MapColors;
    readonly notes: readonly string[];
    readonly empty: string;
    readonly top: number;
  },
): void {
  const [low = '', , high = ''] = colors.labels;
  let x = gap;
  const write = (text: string, color: Rgb): void => {
    drawText(sheet, text, { x, y: top, color, scale: 2 });
    x += textWidth(text, 2) + gap;
  };
  write(low, bright);
  paste(sheet, colorBar(colors.colors, Math.min(bar.width, Math.floor(sheet.width / 4)), bar.height), [
    x,
    top,
  ]);
  x += Math.min(bar.width, Math.floor(sheet.width / 4)) + gap;
  write(high, bright);
  if (colors.missing > 0 && x + textWidth(empty, 2) + 6 * gap < sheet.width) {
    x += 2 * gap;
    fillBox(sheet, { x, y: top, width: bar.height, height: bar.height }, noValueColor);
    x += bar.height + gap;
    write(empty, dim);
  }
  drawLines(sheet, notes, [gap, top + bar.height + 2 * gap], dim);
}

/** The directions of the brain at the left, right, upper and lower edge. */
function drawEdges(panel: Raster, edges: string): void {
  const { width, height } = panel;
  if (Math.min(width, height) < 80) return;
  Array.from(edges).forEach((letter, edge) => {
    const size = [textWidth(letter, 2), 2 * capHeight];
    const x = [2, width - 2 - size[0], (width - size[0]) / 2, (width - size[0]) / 2][edge];
    const y = [(height - size[1]) / 2, (height - size[1]) / 2, 3, height - 3 - size[1]][edge];
    drawText(panel, letter, { x: Math.round(x), y: Math.round(y), color: dim, scale: 2 });
  });
}
