import { gzipSync } from 'node:zlib';
import type { Figure } from './figure';
import { escapeHtml, jsonForScript } from './html';

/** How the pieces of a page find each other; version it when the scripts change. */
const channel = 'concordPlotly1';

/** What a reader sees while, or instead of, a figure. */
export interface FigureMessages {
  /** Shown when the plotly source never arrives. */
  readonly absent: string;
}

/**
 * Makes the HTML that carries plotly.js into a page, once: the source compressed (10 MB become 2.6 MB of text) and
 * a script that inflates it with the browser's own DecompressionStream and hands it to every figure. It sets no
 * global `Plotly` and is deaf to module loaders on the page.
 *
 * @param plotlySource - the text of `plotly.js-dist`
 */
export function plotlyCarrier(plotlySource: string): string {
  const packed = gzipSync(plotlySource, { level: 9 }).toString('base64');
  return `<script type="application/gzip" class="concord-plotly-source">${packed}</script>
<script>(() => {
  if (window.${channel}) return;
  const own = document.currentScript && document.currentScript.previousElementSibling;
  const source = own && own.className === 'concord-plotly-source' ? own : document.querySelector('.concord-plotly-source');
  const inflate = async () => {
    if (typeof DecompressionStream === 'undefined') {
      throw new Error('this browser is too old to draw the figures (it lacks DecompressionStream); use one from 2023 or later');
    }
    const bytes = Uint8Array.from(atob(source.textContent), (c) => c.charCodeAt(0));
    const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
    const module = { exports: {} };
    new Function('module', 'exports', 'define', text)(module, module.exports, undefined);
    return module.exports;
  };
  window.${channel} = inflate();
  window.${channel}.catch(() => undefined);
  window.dispatchEvent(new Event('${channel}'));
})();</script>`;
}

/**
 * Makes the HTML of one figure, drawn when {@link plotlyCarrier}'s source is there. The text colour is taken from
 * the page around it, so it fits light and dark, and follows when the reader's preference changes.
 *
 * @param id - unique on the page
 */
export function figureHtml(figure: Figure, id: string, messages: FigureMessages): string {
  const height = typeof figure.layout.height === 'number' ? figure.layout.height : 450;
  return `<div class="concord-figure" id="${escapeHtml(id)}" style="width:100%;min-height:${height}px"><noscript>This figure needs JavaScript.</noscript></div>
<script>(() => {
  const element = document.getElementById(${jsonForScript(id)});
  const figure = ${jsonForScript(figure)};
  const say = (text) => { element.textContent = text; element.style.minHeight = '0'; };
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
