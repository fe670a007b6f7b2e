import type { Picture } from '../../data/images/picture';
import type { ColorMap } from './color-map';
import type { PanelStyle } from './draw-panel';
import { colorBar, drawPanel, panelSize } from './draw-panel';
import type { Panel } from './panel';
import { encodePicture } from '../html/encode-picture';
import type { Raster } from './raster';
import { makeRaster, paste } from './raster';
import { drawText, fitText, textHeight, textWidth } from './raster-text';
import { bright, captionHeight, dim, drawCaption, drawLines, ground, wrapText } from './sheet-text';

/** A panel in its place, with what is written below it. */
export interface SheetPanel {
  readonly panel: Panel;
  readonly caption: string;
  readonly style: PanelStyle;
}

/** Panels side by side, with what is written to their left, line by line. */
export interface SheetRow {
  readonly label: readonly string[];
  readonly panels: readonly SheetPanel[];
}

/** What is written around the panels. */
export interface SheetText {
  /** Above them. */
  readonly title?: string;
  /** Below them, line by line. */
  readonly notes: readonly string[];
  /** A bar of colors, with what is at its ends and its middle. */
  readonly bar?: { readonly colors: ColorMap; readonly labels: readonly string[] };
  /** The picture in words. */
  readonly alt: string;
}

/** About how wide a sheet is that may choose its scale, in pixels: the text width of a notebook at full resolution. */
const usualWidth = 1000;

const gap = 6;
const widestLabel = 260;
const barSize = { width: 150, height: 14 };

/**
 * Lays panels out in rows and columns on black, each at the same number of pixels per millimeter, and writes around
 * them what they are.
 *
 * @param scale - pixels per millimeter; by default such that the sheet is about 1000 pixels wide
 */
export function drawSheet(rows: readonly SheetRow[], text: SheetText, scale?: number): Picture {
  const grid = measure(rows, scale);
  const notes = text.notes.flatMap((note) => wrapText(note, grid.width - 2 * gap, 2));
  const title = text.title === undefined ? [] : wrapText(text.title, grid.width - 2 * gap, 2);
  const above = title.length === 0 ? 0 : textHeight(title.length, 2) + gap;
  const bar = text.bar === undefined ? 0 : barSize.height + 2 * gap;
  const below = bar + textHeight(notes.length, 2) + gap;
  const sheet = makeRaster(grid.width, gap + above + grid.height + below, ground);
  drawLines(sheet, title, [gap, gap], bright);
  drawRows(sheet, rows, { ...grid, top: gap + above });
  const foot = gap + above + grid.height;
  if (text.bar !== undefined) drawBar(sheet, text.bar, foot + gap);
  drawLines(sheet, notes, [gap, foot + bar], dim);
  return encodePicture(sheet, text.alt);
}

/** Where everything is, in pixels. */
interface SheetGrid {
  readonly scale: number;
  /** Width of the column of labels. */
  readonly label: number;
  readonly columns: readonly number[];
  readonly heights: readonly number[];
  readonly captions: readonly boolean[];
  readonly width: number;
  readonly height: number;
}

function measure(rows: readonly SheetRow[], asked: number | undefined): SheetGrid {
  const labels = rows.flatMap((row) => row.label.map((line) => Math.min(widestLabel, textWidth(line, 2))));
  const label = labels.length === 0 ? 0 : Math.max(...labels) + 2 * gap;
  const count = Math.max(0, ...rows.map((row) => row.panels.length));
  const millimeters = columnsOf(rows, count, 1000).map((width) => width / 1000);
  const total = millimeters.reduce((sum, width) => sum + width, 0);
  const finest = Math.min(...rows.flatMap((row) => row.panels.flatMap(({ panel }) => panel.pixel)));
  // Small images are not blown up without end: at most ten pixels for one of theirs.
  const scale =
    asked ?? Math.min(10 / finest, Math.max(0.05, (usualWidth - label - gap * (count + 1)) / total));
  const columns = columnsOf(rows, count, scale);
  const heights = rows.map((row) =>
    Math.max(0, ...row.panels.map(({ panel }) => panelSize(panel, scale)[1])),
  );
  const captions = rows.map((row) => row.panels.some(({ caption }) => caption !== ''));
  const height = heights.reduce((sum, own, row) => sum + own + (captions[row] ? captionHeight : 0) + gap, 0);
  const width = label + gap + columns.reduce((sum, own) => sum + own + gap, 0);
  return { scale, label, columns, heights, captions, width: Math.max(width, 320), height };
}

function columnsOf(rows: readonly SheetRow[], count: number, scale: number): number[] {
  return Array.from({ length: count }, (_, column) =>
    Math.max(
      ...rows.map((row) => (column < row.panels.length ? panelSize(row.panels[column].panel, scale)[0] : 0)),
    ),
  );
}

function drawRows(
  sheet: Raster,
  rows: readonly SheetRow[],
  grid: SheetGrid & { readonly top: number },
): void {
  let top = grid.top;
  rows.forEach((row, number) => {
    const height = grid.heights[number];
    const label = row.label.map((line) => fitText(line, widestLabel, 2));
    drawLines(
      sheet,
      label,
      [gap, top + Math.max(0, Math.round((height - textHeight(row.label.length, 2)) / 2))],
      bright,
    );
    let left = grid.label + gap;
    row.panels.forEach(({ panel, caption, style }, column) => {
      const tile = drawPanel(panel, grid.scale, style);
      const width = grid.columns[column];
      const x = left + Math.floor((width - tile.width) / 2);
      paste(sheet, tile, [x, top + Math.floor((height - tile.height) / 2)]);
      drawCaption(sheet, caption, { x: left, y: top + height + 4, width });
      left += width + gap;
    });
    top += height + (grid.captions[number] ? captionHeight : 0) + gap;
  });
}

/** A bar of colors with its labels to its right; three labels are left, middle and right of it. */
function drawBar(sheet: Raster, bar: NonNullable<SheetText['bar']>, y: number): void {
  const { labels, colors } = bar;
  const [low = '', high = ''] = labels;
  const first = textWidth(low, 2);
  drawText(sheet, low, { x: gap, y, color: bright, scale: 2 });
  paste(sheet, colorBar(colors, barSize.width, barSize.height), [2 * gap + first, y]);
  drawText(sheet, high, { x: 3 * gap + first + barSize.width, y, color: bright, scale: 2 });
}
