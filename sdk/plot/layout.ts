import type { JsonObject, JsonValue } from '../data/json';
import type { Layout } from './figure';
import { defined } from './figure';

/** A gray with contrast of at least 4 to 1 on white and on near-black: figures do not know their page. */
export const pageInk = '#7A7A7A';
const grid = 'rgba(128,128,128,0.22)';
const line = 'rgba(128,128,128,0.6)';

/** What is behind a figure: the page that it is in. */
export const clear = 'rgba(0,0,0,0)';

/** The letters of a page: those of the system. */
export const pageFont = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** What a figure says about itself and how large it is. */
export interface LayoutText {
  /** The question that the figure answers. */
  readonly title: string;
  /** What is shown, in one or two lines: subjects, units, adjustments, what is left out. */
  readonly subtitle: string;
  /** Height in pixels; the width is that of the page. */
  readonly height: number;
  /** Extra room between the title and the plot in pixels, for a legend there. */
  readonly above?: number;
  /** Room below the plot in pixels, for axis titles and the legend. */
  readonly bottom?: number;
}

/** The layout all figures share: transparent, gray, the title at the top left, the legend below. */
export function baseLayout(
  text: LayoutText,
  rest: { readonly [key: string]: JsonValue | undefined },
): Layout {
  const subtitle = wrap(text.subtitle, 120);
  const lines = subtitle.split('<br>').length;
  return {
    title: {
      text: `${text.title}<br><span style="font-size:13px">${subtitle}</span>`,
      x: 0,
      xref: 'container',
      xanchor: 'left',
      y: 1,
      yref: 'container',
      yanchor: 'top',
      // Plotly puts the base of the first of several lines there, not its top.
      pad: { t: 22, l: 12 },
      font: { size: 18, color: pageInk },
    },
    font: {
      family: pageFont,
      size: 12,
      color: pageInk,
    },
    paper_bgcolor: clear,
    plot_bgcolor: clear,
    height: text.height,
    autosize: true,
    margin: { t: topMargin(lines) + (text.above ?? 0), r: 20, b: text.bottom ?? 60, l: 60 },
    legend: {
      orientation: 'h',
      x: 0,
      xanchor: 'left',
      yref: 'container',
      y: 0.004,
      yanchor: 'bottom',
      font: { size: 12 },
    },
    hoverlabel: { font: { size: 12 } },
    modebar: { bgcolor: clear, color: grid, activecolor: pageInk },
    ...defined(rest),
  };
}

/** Room that a title takes with a subtitle of so many lines. */
export function titleRoom(subtitleLines: number): number {
  return 46 + 17 * subtitleLines;
}

/** Room above the plot for a title, a subtitle of so many lines, and panel headings. */
function topMargin(subtitleLines: number): number {
  return 24 + titleRoom(subtitleLines);
}

/** Room in pixels for a legend below the plot, of so many entries, some of which are beside each other. */
export function legendHeight(entries: number, inLine: number): number {
  return 22 * Math.ceil(entries / inLine);
}

/** An axis with the shared look; `title` names the quantity and its unit. */
export function axis(
  title: string,
  rest: { readonly [key: string]: JsonValue | undefined } = {},
): JsonObject {
  return {
    title: { text: title, standoff: 8, font: { size: 12 } },
    gridcolor: grid,
    zerolinecolor: line,
    linecolor: line,
    tickcolor: line,
    automargin: true,
    ...defined(rest),
  };
}

/** A heading at the top left of a panel whose domain begins at `x` and ends at `y` (paper coordinates). */
export function panelHeading(text: string, x: number, y: number): JsonObject {
  return {
    text: `<b>${text}</b>`,
    showarrow: false,
    x,
    y,
    xref: 'paper',
    yref: 'paper',
    xanchor: 'left',
    yanchor: 'bottom',
    yshift: 3,
    font: { size: 13 },
  };
}

/** Splits 0…1 into `count` stretches with a gap between them. */
export function stretches(count: number, gap: number): [number, number][] {
  const width = (1 - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, index) => {
    const start = index * (width + gap);
    return [start, Math.min(1, start + width)];
  });
}

/** Plotly's name of axis number `index` (from 0): `x`, `x2`, `x3`. */
export function axisName(letter: 'x' | 'y', index: number): string {
  return index === 0 ? letter : `${letter}${index + 1}`;
}

/** The layout key of axis number `index` (from 0): `xaxis`, `xaxis2`. */
export function axisKey(letter: 'x' | 'y', index: number): string {
  return `${letter}axis${index === 0 ? '' : index + 1}`;
}

/** Breaks text between words so that no line is longer than `width` characters where words allow. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('<br>');
}

/** `5000` as `5,000`. */
export function count(value: number): string {
  // Making the first formatter of a process takes 30 ms, which whole numbers need not wait for.
  if (!Number.isInteger(value)) return value.toLocaleString('en-US');
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
