import { drawFigureNow } from '../browser/draw-figure';
import type { DrawTask } from '../browser/draw-task';
import { isBrowserOff } from '../browser/drawing-browsers';
import { ConcordError } from '../errors';
import type { Figure } from '../plot/figure';
import { figureJson } from '../plot/figure';
import { themedFigure } from '../plot/figure-theme';

/** A figure in pixels, as a notebook stores it. */
export interface StaticPicture {
  /** A PNG in base64. */
  readonly png: string;
  readonly width: number;
  readonly height: number;
}

/** In pixels: what a notebook shows beside its margins. */
const width = 800;

/** In characters of JSON: what is larger would take longer than anybody waits for a cell. */
const largest = 2_000_000;

/** In seconds: the first figure waits for the browser to start. */
const patience = { first: 10, later: 5 };

/** After so many figures in a row that were not drawn in time, none is tried any longer. */
const mostMissed = 3;

/** What this kernel session has seen of its browser. */
const session = { begun: false, missed: 0 };

/**
 * Draws a figure for those who see a notebook without running it: GitHub, nbviewer, tools that compare notebooks. Quietly
 * nothing where there is no browser, where browsers are switched off (`CONCORD_BROWSER=off`), for figures of more than 2 MB,
 * and where it is not drawn in time: the interactive figure is there in any case.
 */
export function staticPicture(figure: Figure): StaticPicture | undefined {
  if (isBrowserOff() || session.missed >= mostMissed) return undefined;
  const task = pictureTask(figure);
  if (task.figure.length > largest) return undefined;
  const seconds = session.begun ? patience.later : patience.first;
  session.begun = true;
  try {
    const bytes = drawFigureNow(task, seconds);
    session.missed = bytes === undefined ? session.missed + 1 : 0;
    return bytes && { png: Buffer.from(bytes).toString('base64'), width: task.width, height: task.height };
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    // Without a browser that works there will be none for the next figure either.
    if (error.code !== 'invalid-option' && error.code !== 'failed-step') session.missed = mostMissed;
    return undefined;
  }
}

/** How a notebook's picture of a figure is drawn. The browser may take longer to start than the first figure waits: the next one has it. */
export function pictureTask(figure: Figure): DrawTask {
  const own = figure.layout['height'];
  const height = typeof own === 'number' && own >= 10 && own <= 5000 ? own : 450;
  const json = figureJson(themedFigure(figure, 'transparent'));
  return { figure: json, format: 'png', width, height, scale: 1, timeLimit: 60 };
}
