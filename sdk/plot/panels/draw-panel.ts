import { capHeight } from './bitmap-font';
import type { ColorMap } from './color-map';
import { colorLevel, colorTable, notANumberColor } from './color-map';
import type { Panel } from './panel';
import type { Raster, Rgb } from './raster';
import { makeRaster, setPixel } from './raster';
import { drawText, textWidth } from './raster-text';
import type { IntensityWindow } from './shown-values';

/** How the intensities of a panel become colors. */
export interface PanelStyle {
  readonly window: IntensityWindow;
  readonly colors: ColorMap;
  /** Whether the edge of the mask is drawn, where there is one. */
  readonly contour: boolean;
  /** Whether pixels are interpolated (linearly) where the picture has more of them than the image. */
  readonly smooth: boolean;
}

/** The colors of letters and contours on dark images, and on the light ground of a difference map. */
const inks: Readonly<Record<ColorMap, { readonly letter: Rgb; readonly halo: Rgb; readonly contour: Rgb }>> =
  {
    gray: { letter: [255, 214, 90], halo: [0, 0, 0], contour: [255, 122, 0] },
    viridis: { letter: [255, 255, 255], halo: [0, 0, 0], contour: [255, 255, 255] },
    diverging: { letter: [40, 40, 40], halo: [242, 242, 242], contour: [70, 70, 70] },
  };

/** The size in pixels of a panel at so many pixels per millimeter. */
export function panelSize(panel: Panel, scale: number): readonly [width: number, height: number] {
  return [
    Math.max(1, Math.round(panel.width * panel.pixel[0] * scale)),
    Math.max(1, Math.round(panel.height * panel.pixel[1] * scale)),
  ];
}

/**
 * Draws a panel: intensities through the window, the edge of the mask, the letters of its four directions. Where
 * nothing was measured, that is exactly 0 outside the mask, a gray image stays black whatever the window.
 *
 * @param scale - pixels per millimeter, so that anisotropic voxels keep their proportions
 */
export function drawPanel(panel: Panel, scale: number, style: PanelStyle): Raster {
  const [width, height] = panelSize(panel, scale);
  const raster = makeRaster(width, height, [0, 0, 0]);
  const pull = style.smooth ? sampleSmooth : sampleNearest;
  const values = pull(panel.values, panel, raster);
  const cover =
    panel.mask === undefined
      ? undefined
      : sampleSmooth(Float32Array.from(panel.mask, Math.sign), panel, raster);
  const empty =
    panel.mask === undefined || style.colors === 'diverging' ? undefined : emptyPixels(panel, raster);
  const table = colorTable(style.colors);
  for (let at = 0; at < values.length; at++) {
    if (empty?.[at] === 1) continue;
    if (Number.isNaN(values[at])) {
      raster.data.set(notANumberColor, 3 * at);
      continue;
    }
    const level = 3 * colorLevel(values[at], style.window);
    for (let channel = 0; channel < 3; channel++) raster.data[3 * at + channel] = table[level + channel];
  }
  if (cover !== undefined && style.contour) drawContour(raster, cover, inks[style.colors].contour);
  drawEdges(raster, panel.edges, style.colors);
  return raster;
}

/** The image at the center of each pixel of the picture, linear between the centers of its own pixels. */
function sampleSmooth(values: Float32Array, panel: Panel, raster: Raster): Float32Array {
  const columns = places(panel.width, raster.width);
  const rows = places(panel.height, raster.height);
  const sampled = new Float32Array(raster.width * raster.height);
  for (let y = 0, at = 0; y < raster.height; y++) {
    const top = Math.floor(rows[y]);
    const bottom = Math.min(top + 1, panel.height - 1);
    const down = rows[y] - top;
    for (let x = 0; x < raster.width; x++, at++) {
      const left = Math.floor(columns[x]);
      const right = Math.min(left + 1, panel.width - 1);
      const over = columns[x] - left;
      const above = mixed(values[left + panel.width * top], values[right + panel.width * top], over);
      const below = mixed(values[left + panel.width * bottom], values[right + panel.width * bottom], over);
      sampled[at] = mixed(above, below, down);
    }
  }
  return sampled;
}

function sampleNearest(values: Float32Array, panel: Panel, raster: Raster): Float32Array {
  const columns = places(panel.width, raster.width).map(Math.round);
  const rows = places(panel.height, raster.height).map(Math.round);
  const sampled = new Float32Array(raster.width * raster.height);
  for (let y = 0, at = 0; y < raster.height; y++) {
    for (let x = 0; x < raster.width; x++, at++) sampled[at] = values[columns[x] + panel.width * rows[y]];
  }
  return sampled;
}

/** For each pixel of the picture along one axis where its center is among those of the image, kept inside it. */
function places(from: number, to: number): Float64Array {
  return Float64Array.from({ length: to }, (_, i) =>
    Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5)),
  );
}

/** Between two values; a weight of 0 keeps the one next to a value that is not a number. */
function mixed(one: number, other: number, weight: number): number {
  return weight === 0 ? one : one + (other - one) * weight;
}

/** Pixels of the picture whose nearest image pixel is exactly 0 and outside the mask. */
function emptyPixels(panel: Panel, raster: Raster): Float32Array {
  const empty = panel.values.map((value, at) => Number(value === 0 && panel.mask?.[at] === 0));
  return sampleNearest(empty, panel, raster);
}

/** Colors the pixels inside the mask that have a neighbor outside it, or are at the border of the image. */
function drawContour({ width, height, data }: Raster, cover: Float32Array, color: Rgb): void {
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && cover[x + width * y] >= 0.5;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue;
      if (inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1)) continue;
      data.set(color, 3 * (x + width * y));
    }
  }
}

/** Letters at the middle of the left, right, upper and lower edge; none where there is no room. */
function drawEdges(raster: Raster, edges: string, colors: ColorMap): void {
  const { width, height } = raster;
  const scale = Math.min(width, height) >= 110 ? 2 : 1;
  if (Math.min(width, height) < 36) return;
  const { letter: color, halo } = inks[colors];
  const margin = 3;
  Array.from(edges).forEach((letter, edge) => {
    const size = [textWidth(letter, scale), capHeight * scale];
    const x = [margin, width - margin - size[0], (width - size[0]) / 2, (width - size[0]) / 2][edge];
    const y = [(height - size[1]) / 2, (height - size[1]) / 2, margin, height - margin - size[1]][edge];
    drawText(raster, letter, { x: Math.round(x), y: Math.round(y), color, scale, halo });
  });
}

/** Draws a bar of the colors from left to right. */
export function colorBar(colors: ColorMap, width: number, height: number): Raster {
  const bar = makeRaster(width, height, [110, 110, 110]);
  const table = colorTable(colors);
  for (let x = 1; x < width - 1; x++) {
    const level = 3 * Math.round((255 * (x - 1)) / Math.max(1, width - 3));
    const [red, green, blue] = table.subarray(level, level + 3);
    for (let y = 1; y < height - 1; y++) setPixel(bar, x, y, [red, green, blue]);
  }
  return bar;
}
