import { createHash } from 'node:crypto';
import { readPackage } from '../io/files/package-asset';
import type { Figure } from '../plot/figure';
import { figureHtml, plotlyCarrier } from '../plot/html/plotly-html';
import type { MimeBundle } from './kernel';

/** Whether an output of this kernel session already carries plotly.js, and how many figures were shown. */
const session = { carried: false, shown: 0 };

/** How a figure is put into a notebook. */
export interface FigureOptions {
  /**
   * Whether this output carries plotly.js for itself and all figures after it (2.0 MB). By default the first figure
   * shown by the kernel does; ask for it again where that cell was run anew or its output cleared.
   */
  readonly embedPlotly?: boolean;
}

/**
 * A figure as one output in three forms: Plotly's own MIME type, for front ends that know it; HTML that draws
 * itself offline, also in pages made by nbconvert; and text.
 */
export function figureBundle(figure: Figure, options: FigureOptions = {}): MimeBundle {
  const { embedPlotly = !session.carried } = options;
  const carrier = embedPlotly ? plotlyCarrier(readPackage('plotly.js-dist')) : '';
  session.carried ||= embedPlotly;
  const digest = createHash('sha256').update(JSON.stringify(figure)).digest('hex').slice(0, 12);
  const id = `concord-${digest}-${session.shown++}`;
  return {
    'application/vnd.plotly.v1+json': {
      data: figure.data,
      layout: figure.layout,
      config: { responsive: true, displaylogo: false },
    },
    'text/html':
      carrier +
      figureHtml(figure, id, {
        absent:
          'The figure library is no longer in this notebook: restart the kernel and run all cells, or pass { embedPlotly: true } to show().',
      }),
    'text/plain': figureText(figure),
  };
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
