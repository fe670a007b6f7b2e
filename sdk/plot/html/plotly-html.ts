import type { Figure } from '../figure';
import { escapeHtml, jsonForScript } from './html';
import { scriptCarrier } from './script-carrier';

/** How the pieces of a page find each other; version it when the scripts change. */
const channel = 'concordPlotly1';

/** The property of `window` with the promise of plotly.js, for pages that draw all of their figures with one script. */
export const plotlyChannel: string = channel;

/** What a reader sees while, or instead of, a figure. */
export interface FigureMessages {
  /** Shown when the plotly source never arrives. */
  readonly absent: string;
  /** Shown until the figure is drawn, and where it cannot be: on pages that run no scripts, too. */
  readonly still?: StillFigure | undefined;
}

/** A figure in pixels. */
export interface StillFigure {
  /** A PNG in base64. */
  readonly png: string;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

/**
 * Makes the HTML that carries plotly.js into a page, once, for every figure on it: 4.8 MB become 2.0 MB of text.
 *
 * @param plotlySource - the text of `plotly.js-dist`, or its bytes
 */
export function plotlyCarrier(plotlySource: string | Uint8Array): string {
  return scriptCarrier(plotlySource, {
    channel,
    className: 'concord-plotly-source',
    purpose: 'draw the figures',
  });
}

/**
 * Makes the HTML of one figure, drawn when {@link plotlyCarrier}'s source is there. The text color is taken from
 * the page around it, so it fits light and dark, and follows when the reader's preference changes.
 *
 * @param id - unique on the page
 */
export function figureHtml(figure: Figure, id: string, messages: FigureMessages): string {
  const height = typeof figure.layout.height === 'number' ? figure.layout.height : 450;
  return `<div class="concord-figure" id="${escapeHtml(id)}" style="width:100%;min-height:${height}px">${stillHtml(messages.still)}</div>
<script>(() => {
  const element = document.getElementById(${jsonForScript(id)});
  const figure = ${jsonForScript(figure)};
  const say = (text) => {
    if (element.querySelector('img')) { element.title = text; return; }
    element.textContent = text; element.style.minHeight = '0';
  };
  const inked = () => {
    const color = getComputedStyle(element.parentElement || element).color;
    const layout = JSON.parse(JSON.stringify(figure.layout));
    layout.font = { ...layout.font, color };
    if (layout.title) layout.title.font = { ...layout.title.font, color };
    return layout;
  };
  let begun = false;
  const draw = () => {
    if (begun || !window.${channel}) return;
    begun = true;
    window.${channel}.then((plotly) => {
      element.textContent = '';
      const show = () => plotly.react(element, JSON.parse(JSON.stringify(figure.data)), inked(), { responsive: true, displaylogo: false, modeBarButtons: [['toImage', 'zoom2d', 'pan2d', 'resetScale2d']] });
      matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
      return show();
    }).catch((error) => say('The figure cannot be drawn: ' + error.message));
  };
  window.addEventListener('${channel}', draw);
  draw();
  setTimeout(() => { if (!begun) say(${jsonForScript(messages.absent)}); }, 15000);
})();</script>`;
}

function stillHtml(still: StillFigure | undefined): string {
  if (still === undefined) return '<noscript>This figure needs JavaScript.</noscript>';
  const { png, width, height, alt } = still;
  return `<img src="data:image/png;base64,${png}" width="${width}" height="${height}" alt="${escapeHtml(alt)}" style="max-width:100%;height:auto">`;
}
