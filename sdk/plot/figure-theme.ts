import type { JsonObject, JsonValue } from '../data/json';
import type { Figure, Layout } from './figure';
import { clear, pageInk, pageFont } from './layout';

/**
 * The ground of a figure in a file: white with dark letters, near-black with light ones, or none, with letters in a
 * gray that can be read on both.
 */
export type FigureTheme = 'light' | 'dark' | 'transparent';

/** The names of the themes. */
export const figureThemes: readonly FigureTheme[] = ['light', 'dark', 'transparent'];

interface Look {
  readonly ground: string;
  readonly letters: string;
  readonly lines: string;
}

const looks: Readonly<Record<FigureTheme, Look>> = {
  light: { ground: '#FFFFFF', letters: '#262626', lines: 'rgba(128,128,128,0.3)' },
  dark: { ground: '#111111', letters: '#E6E6E6', lines: 'rgba(160,160,160,0.3)' },
  transparent: { ground: clear, letters: pageInk, lines: 'rgba(128,128,128,0.3)' },
};

/**
 * Letters of the same widths on every system (Liberation Sans is made to the measures of Arial and Helvetica), so that a
 * drawing looks elsewhere as it does where it was made.
 */
const fileFont = 'Arial, Helvetica, "Liberation Sans", sans-serif';

/**
 * A figure for a file, which has no page around it: what it leaves to its page (ground, letters) is set; what it says
 * itself, also by a template of Plotly, stays.
 */
export function themedFigure(figure: Figure, theme: FigureTheme): Figure {
  const look = looks[theme];
  const { paper_bgcolor: paper, template } = figure.layout;
  const isBare = paper === undefined && template === undefined;
  const layout: Layout = {
    ...figure.layout,
    ...(isBare ? { template: templateOf(look) } : {}),
    ...(paper === clear ? { paper_bgcolor: look.ground } : {}),
  };
  return { data: figure.data, layout: withLetters(layout, look) };
}

/** The layout with fonts that were left to the page replaced, wherever in it they are. */
function withLetters(layout: Layout, { letters }: Look): Layout {
  const replaced = (value: JsonValue, key: string): JsonValue => {
    if (key === 'color' && value === pageInk) return letters;
    if (key === 'family' && value === pageFont) return fileFont;
    if (Array.isArray(value)) return value.map((one: JsonValue) => replaced(one, ''));
    return isObject(value) ? replacedIn(value) : value;
  };
  const replacedIn = (object: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(object).map(([key, value]) => [key, replaced(value, key)]));
  return replacedIn(layout);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** What holds for a figure that says nothing of its colors. */
function templateOf({ ground, letters, lines }: Look): JsonObject {
  const axis = { gridcolor: lines, zerolinecolor: lines, linecolor: lines, automargin: true };
  return {
    layout: {
      paper_bgcolor: ground,
      plot_bgcolor: ground,
      font: { color: letters, family: fileFont },
      xaxis: axis,
      yaxis: axis,
    },
  };
}
