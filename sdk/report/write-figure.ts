import { extname } from 'node:path';
import { drawFigure } from '../browser/draw-figure';
import type { DrawnFormat } from '../browser/draw-task';
import { requireCall } from '../data/calls/require-call';
import { oneOf } from '../data/one-of';
import { requireWithin } from '../data/require-within';
import { ConcordError } from '../errors';
import { requireValueThenPath } from '../io/files/argument-order';
import type { WriteFileOptions } from '../io/files/write-file';
import { requireAbsent, writeFileSafely } from '../io/files/write-file';
import type { Figure } from '../plot/figure';
import { figureJson, isFigure } from '../plot/figure';
import type { FigureTheme } from '../plot/figure-theme';
import { figureThemes, themedFigure } from '../plot/figure-theme';
import { refuseOther } from './refuse-other';

/** Options of {@link writeFigure}. */
export interface WriteFigureOptions extends WriteFileOptions {
  /** In pixels of a page, 96 an inch. @defaultValue the width that the figure says, else `900` */
  readonly width?: number;
  /** In pixels of a page, 96 an inch. @defaultValue the height that the figure says, else `450` */
  readonly height?: number;
  /**
   * How much larger everything becomes, letters and lines too. A PNG has width × scale and height × scale pixels: 2 or 3
   * for print.
   *
   * @defaultValue `1`
   */
  readonly scale?: number;
  /**
   * The ground: white, near-black, or none with gray letters. A figure that says its own colors, or has a template of
   * Plotly, keeps them.
   *
   * @defaultValue `'light'`
   */
  readonly theme?: FigureTheme;
  /**
   * The program of the browser: a path, or a name on the path. By default `CONCORD_BROWSER`, then `BROWSER_PATH`, then
   * Chrome, Chromium, Edge or Brave where the system has them.
   */
  readonly browser?: string;
  /** Seconds for drawing this figure; the first has as many again for the start of the browser. @defaultValue `60` */
  readonly timeLimit?: number;
}

/** The endings of {@link writeFigure}. */
export const figureFormats: readonly DrawnFormat[] = ['svg', 'png', 'pdf'];

/** Chromium's canvas has no more pixels than this on a side. */
const longestSide = 16_384;

/**
 * Writes a figure as a picture: SVG and PDF as drawings of lines and letters, PNG in pixels. Plotly draws in a browser
 * without a window, one that is installed: Chrome, Chromium, Edge or Brave. It is found, never downloaded. One browser
 * draws all figures of a program, so that the first takes a second or more and each further one a tenth; it ends with
 * the program.
 *
 * @param path - ends in `.svg`, `.png` or `.pdf`
 * @throws ConcordError `missing-package` without a browser that works; `unsupported-format` for another ending;
 * `invalid-option`; `failed-step` where Plotly or the browser draws nothing in time; `file-exists` when the file is
 * there and `overwrite` is not set; `unwritable-file`.
 *
 * @example
 * ```ts
 * await writeFigure(plotFeatureBySite(cohort, null, 'left.fusiform'), 'fusiform.pdf', { width: 700 });
 * ```
 */
export async function writeFigure(
  figure: Figure,
  path: string,
  options: WriteFigureOptions = {},
): Promise<void> {
  requireValueThenPath('writeFigure', figure, path);
  refuseOther(figure);
  requireCall('writeFigure', { figure, path, options });
  if (
    !isFigure(figure) ||
    !figure.data.every((trace: unknown) => typeof trace === 'object' && trace !== null)
  ) {
    throw new ConcordError('invalid-option', 'invalid figure: data is a list of traces, each an object');
  }
  const { theme = 'light', scale = 1, browser, timeLimit = 60, overwrite = false } = options;
  const format = formatOf(path);
  oneOf('theme', theme, figureThemes);
  requireWithin('timeLimit', timeLimit, [0.001, 86_400]);
  requireWithin('scale', scale, [0.01, 100]);
  const size = { width: sideOf(figure, 'width', options), height: sideOf(figure, 'height', options) };
  for (const [name, pixels] of Object.entries(size)) {
    requireWithin(name, pixels, [10, 10_000]);
    requireWithin(`${name} × scale`, pixels * scale, [1, longestSide]);
  }
  if (!overwrite) await requireAbsent(path);
  const task = {
    figure: figureJson(themedFigure(figure, theme)),
    format,
    ...size,
    scale,
    timeLimit,
    browser,
  };
  await writeFileSafely(path, await drawFigure(task), { overwrite });
}

function formatOf(path: string): DrawnFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = figureFormats.find((known) => known === ending);
  if (format !== undefined) return format;
  const allowed = 'the name must end in .svg, .png or .pdf';
  throw new ConcordError('unsupported-format', `unsupported figure format: ${path} (${allowed})`, {
    where: { file: path },
  });
}

function sideOf(
  { layout }: Figure,
  side: 'width' | 'height',
  { [side]: asked }: Pick<WriteFigureOptions, 'width' | 'height'>,
): number {
  const own = layout[side];
  return asked ?? (typeof own === 'number' ? own : { width: 900, height: 450 }[side]);
}
