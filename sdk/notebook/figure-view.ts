import { createHash } from 'node:crypto';
import { readPackage } from '../io/files/package-asset';
import type { Figure } from '../plot/figure';
import { figureHtml, plotlyCarrier } from '../plot/html/plotly-html';
import { oneOf } from '../data/one-of';
import { jupyterDrawsPlotly } from '../io/files/jupyter-renderer';
import type { MimeBundle } from './kernel';
import type { StaticPicture } from './static-picture';
import { staticPicture } from './static-picture';

/** Whether an output of this kernel session already carries plotly.js, and how many figures were shown. */
const session = { carried: false, shown: 0 };

/**
 * The forms in which a notebook gets a figure. `html`: HTML that draws itself anywhere offline, whose first figure carries
 * plotly.js (2.0 MB), and Plotly's own MIME type. `renderer`: the MIME type without HTML, for Jupyter that draws it.
 * `picture`: pixels only.
 */
export type FigureForm = 'html' | 'renderer' | 'picture';

/** The names of the forms. */
const forms: readonly FigureForm[] = ['html', 'renderer', 'picture'];

/** How a figure is put into a notebook. */
export interface FigureOptions {
  /**
   * Whether this output carries plotly.js for itself and all figures after it (2.0 MB). By default the first figure
   * shown by the kernel does; ask for it again where that cell was run anew or its output cleared.
   */
  readonly embedPlotly?: boolean;
  /**
   * The forms of the figure. `CONCORD_FIGURES` in the environment says it for all figures. Where no browser can draw the
   * picture, `picture` is as `html`.
   *
   * @defaultValue `'renderer'` where Jupyter has Plotly's renderer and there is a picture beside it; else `'html'`
   */
  readonly figureForm?: FigureForm;
  /**
   * Whether there is a picture of it besides, which GitHub, nbviewer and tools that compare notebooks show, drawn where
   * a browser is installed (see `writeFigure`). `CONCORD_BROWSER=off` in the environment switches it off for all.
   *
   * @defaultValue `true`
   */
  readonly picture?: boolean;
}

/**
 * A figure as one output in several forms: Plotly's own MIME type, for front ends that know it; HTML that draws
 * itself offline, also in pages made by nbconvert; a picture; and text.
 */
export function figureBundle(figure: Figure, options: FigureOptions = {}): MimeBundle {
  const still = options.picture === false ? undefined : staticPicture(figure);
  const form = formOf(options, still !== undefined);
  return {
    ...(form === 'picture'
      ? {}
      : {
          'application/vnd.plotly.v1+json': {
            data: figure.data,
            layout: figure.layout,
            config: { responsive: true, displaylogo: false },
          },
        }),
    ...(form === 'html' ? { 'text/html': ownHtml(figure, options, still) } : {}),
    ...(still === undefined ? {} : { 'image/png': still.png }),
    'text/plain': figureText(figure),
  };
}

/** What goes with the output: the alternative text of its picture. */
export function figureMetadata(figure: Figure): MimeBundle {
  return { 'image/png': { alt: plainTitle(figure) } };
}

function formOf({ figureForm, embedPlotly }: FigureOptions, isDrawn: boolean): FigureForm {
  const said = process.env['CONCORD_FIGURES']?.trim().toLowerCase() ?? '';
  const chosen = figureForm ?? (said === '' ? undefined : (said as FigureForm));
  if (chosen === undefined) {
    return embedPlotly !== true && isDrawn && jupyterDrawsPlotly() ? 'renderer' : 'html';
  }
  oneOf(figureForm === undefined ? 'CONCORD_FIGURES' : 'figureForm', chosen, forms);
  return chosen === 'picture' && !isDrawn ? 'html' : chosen;
}

function ownHtml(
  figure: Figure,
  { embedPlotly = !session.carried }: FigureOptions,
  still: StaticPicture | undefined,
): string {
  const carrier = embedPlotly ? plotlyCarrier(readPackage('plotly.js-dist')) : '';
  session.carried ||= embedPlotly;
  const digest = createHash('sha256').update(JSON.stringify(figure)).digest('hex').slice(0, 12);
  const id = `concord-${digest}-${session.shown++}`;
  const absent =
    'The figure library is no longer in this notebook: restart the kernel and run all cells, or pass { embedPlotly: true } to show().';
  return carrier + figureHtml(figure, id, { absent, still: still && { ...still, alt: plainTitle(figure) } });
}

/** A figure in words: its title and what it is made of. */
export function figureText(figure: Figure): string {
  const kinds = [...new Set(figure.data.map((trace) => trace.type))].join(', ');
  return `[figure] ${plainTitle(figure)} (${figure.data.length} ${kinds} traces)`;
}

/** The title of a figure without its markup; lines become parts. */
export function plainTitle({ layout: { title } }: Figure): string {
  const text = typeof title === 'object' && title !== null && 'text' in title ? title.text : title;
  const plain = typeof text === 'string' ? text.replace(/<br>/g, ' · ').replace(/<[^>]*>/g, '') : 'untitled';
  return plain.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
