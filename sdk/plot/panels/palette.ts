import type { Protocol } from '../../evaluate/audit';
import { protocolTitles } from '../../evaluate/rows/audit-row';

/**
 * Colors that people with any common color blindness can distinguish (Okabe & Ito 2008, "Color universal
 * design"), without its black and yellow, which vanish on dark and on light pages.
 */
const hues: readonly string[] = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#8C8C8C'];

/** Marker shapes that take over where the colors run out: 7 colors × 6 shapes distinguish 42 sites. */
const shapes: readonly string[] = ['circle', 'diamond', 'square', 'triangle-up', 'cross', 'x'];

/** How one category of a figure looks. */
export interface CategoryStyle {
  /** A hexadecimal color, `#rrggbb`. */
  readonly color: string;
  /** A Plotly marker symbol. */
  readonly symbol: string;
}

/** The look of category number `index`; colors come first, then shapes. */
export function categoryStyle(index: number): CategoryStyle {
  return {
    color: hues[index % hues.length],
    symbol: shapes[Math.floor(index / hues.length) % shapes.length],
  };
}

/** Strokes of lines that go with the shapes of markers, so that lines are distinct where colors run out. */
const strokes: Readonly<Record<string, string>> = {
  circle: 'solid',
  diamond: 'dot',
  square: 'dash',
  'triangle-up': 'dashdot',
  cross: 'longdash',
  x: 'longdashdot',
};

/** How the lines of a category are stroked, as Plotly calls it. */
export function strokeOf({ symbol }: CategoryStyle): string {
  return strokes[symbol] ?? 'solid';
}

/**
 * The look of each site, by its place among the sorted names, so that a site looks alike in every figure of the same
 * sites.
 *
 * @param sites - site names, in any order, repeated or not
 */
export function siteStyles(sites: readonly string[]): ReadonlyMap<string, CategoryStyle> {
  const names = [...new Set(sites)].sort();
  return new Map(names.map((name, index) => [name, categoryStyle(index)]));
}

/** A color with an opacity from 0 to 1, as CSS writes it. */
export function translucent(color: string, opacity: number): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `rgba(${red},${green},${blue},${opacity})`;
}

/** A gray for reference lines, legible on white and on near-black. */
export const neutral = '#8C8C8C';

/**
 * Colors of methods that are compared: those of sites but for the gray, which raw data has, and four more. Each is as far from
 * all others as those are among themselves, also to readers with protanopia, deuteranopia or tritanopia (simulated by Machado
 * et al. 2009, "A physiologically-based model for simulation of color vision deficiency"), and shows on white and near-black.
 */
const methodHues: readonly string[] = [
  ...hues.filter((hue) => hue !== neutral),
  ...['#9900FF', '#774422', '#88BB66', '#7755DD'],
];

/** The look of method number `index` of a comparison; colors come first, then shapes. */
export function methodStyle(index: number): CategoryStyle {
  return {
    color: methodHues[index % methodHues.length],
    symbol: shapes[Math.floor(index / methodHues.length) % shapes.length],
  };
}

/** How each state of the data looks in figures of an audit, and what it is called. */
export const protocolStyle: Readonly<Record<Protocol, CategoryStyle & { readonly title: string }>> = {
  raw: { color: neutral, symbol: 'circle-open', title: protocolTitles.raw },
  'in-sample': { color: '#E69F00', symbol: 'diamond', title: `${protocolTitles['in-sample']} (flattering)` },
  'held-out': { color: '#0072B2', symbol: 'circle', title: protocolTitles['held-out'] },
  'in-folds': { color: '#0072B2', symbol: 'circle', title: protocolTitles['in-folds'] },
};

/** The look of simple methods in figures of an audit. */
export function baselineStyle(index: number): CategoryStyle {
  return { color: ['#CC79A7', '#56B4E9', '#009E73', '#D55E00'][index % 4], symbol: shapes[2 + (index % 4)] };
}

/** Blue – light gray – red, safe for the color-blind (ColorBrewer RdBu, Brewer & Harrower 2003). */
export const diverging: readonly (readonly [number, string])[] = [
  [0, '#2166AC'],
  [0.25, '#67A9CF'],
  [0.5, '#F2F2F2'],
  [0.75, '#EF8A62'],
  [1, '#B2182B'],
];
