import { oneOf } from '../../data/one-of';
import { ConcordError } from '../../errors';
import { quantile } from '../../math/statistics/quantiles';
import { count } from '../layout';
import type { ColorMap } from '../panels/color-map';
import { intensityText } from '../volume-summary';
import type { SurfaceMapPart } from './map-part';

/**
 * How values become colors. `signed`: blue over light gray to red, symmetric about 0. `ratio`: the same, symmetric about 1 in
 * logarithms, so that half and double are equally strong. `plain`: from dark to bright.
 */
export type SurfaceScale = 'signed' | 'ratio' | 'plain';

/** The names of the scales. */
export const surfaceScales: readonly SurfaceScale[] = ['signed', 'ratio', 'plain'];

/** What figures of maps on surfaces have in common. */
export interface SurfaceColorOptions {
  /** @defaultValue `'signed'` where a value is below 0, else `'plain'` */
  readonly scale?: SurfaceScale;
  /**
   * The values with the last colors at both ends. What is beyond them is counted in the figure. They are symmetric where the scale is.
   *
   * @defaultValue the 99th percentile of sizes (`signed`, `ratio`), the 1st to the 99.5th percentile (`plain`), over all parts
   */
  readonly limits?: readonly [low: number, high: number];
  /** The unit of the values, for the bar of colors. */
  readonly unit?: string;
  /** What vertices without a value are called, which are gray. @defaultValue `'no value'` */
  readonly empty?: string;
}

/** What vertices without a value are called. */
export const noValue: string = 'no value';

/** How the values of a map become colors, and what a reader has to know of it. */
export interface MapColors {
  readonly scale: SurfaceScale;
  readonly colors: ColorMap;
  readonly limits: readonly [low: number, high: number];
  /** The value in the middle of the colors. */
  readonly middle: number;
  /** What is written at the bar of colors, from its low end on. */
  readonly labels: readonly string[];
  /** Where a value is between the limits, from 0 to 1; what is beyond them is at an end. */
  readonly place: (value: number) => number;
  /** The value at a place from 0 to 1. */
  readonly valueAt: (place: number) => number;
  /** What is clipped and what has no value, in sentences: part of every figure. */
  readonly notes: readonly string[];
  /** Vertices without a value. */
  readonly missing: number;
}

/**
 * Chooses the colors of maps, the same for all parts.
 *
 * @throws ConcordError `invalid-option` for limits that are none, or not symmetric where the scale is; for a ratio that is not above 0.
 */
export function mapColors(parts: readonly SurfaceMapPart[], options: SurfaceColorOptions = {}): MapColors {
  const { unit, limits: given, empty = noValue } = options;
  const values = presentValues(parts);
  const scale = options.scale ?? (values.length > 0 && values[0] < 0 ? 'signed' : 'plain');
  oneOf('scale', scale, surfaceScales);
  if (scale === 'ratio' && values.length > 0 && !(values[0] > 0)) {
    throw new ConcordError(
      'invalid-option',
      `invalid scale: ratio, and a value is ${values[0]} (ratios are above 0)`,
    );
  }
  const limits = given ?? usualLimits(values, scale);
  requireLimits(limits, scale);
  const isRatio = scale === 'ratio';
  const [from, to] = isRatio ? limits.map(Math.log) : limits;
  const measure = unit === undefined || unit === '' ? '' : ` ${unit}`;
  const valueAt = (place: number): number => {
    const value = from + place * (to - from);
    return isRatio ? Math.exp(value) : value;
  };
  return {
    scale,
    colors: scale === 'plain' ? 'viridis' : 'diverging',
    limits,
    middle: valueAt(0.5),
    labels: [limits[0], valueAt(0.5), limits[1]].map((value) => `${shown(value, scale)}${measure}`),
    place: (value) => Math.min(1, Math.max(0, ((isRatio ? Math.log(value) : value) - from) / (to - from))),
    valueAt,
    ...notesOf(parts, values, { scale, limits, measure, empty, isGiven: given !== undefined }),
  };
}

/** All values that are there, ascending. */
function presentValues(parts: readonly SurfaceMapPart[]): Float64Array {
  const total = parts.reduce((sum, { values }) => sum + values.length, 0);
  const present = new Float64Array(total);
  let at = 0;
  for (const { values } of parts) {
    for (let vertex = 0; vertex < values.length; vertex++)
      if (!Number.isNaN(values[vertex])) present[at++] = values[vertex];
  }
  return present.subarray(0, at).sort();
}

/**
 * The usual limits of a scale for values in ascending order, so that a few strong vertices do not make all others alike: also to be
 * shared by several figures that are compared.
 */
export function usualLimits(values: Float64Array, scale: SurfaceScale): readonly [low: number, high: number] {
  if (values.length === 0)
    return { signed: [-1, 1], ratio: [0.5, 2], plain: [0, 1] }[scale] as [number, number];
  if (scale === 'plain') {
    const [low, high] = [quantile(values, 0.01), quantile(values, 0.995)];
    return high > low ? [low, high] : [low - 0.5, low + 0.5];
  }
  const sizes = values.map((value) => Math.abs(scale === 'ratio' ? Math.log(value) : value)).sort();
  // Where nearly nothing differs, the little that does is shown; where nothing does, any scale will do.
  const size = quantile(sizes, 0.99) || sizes[sizes.length - 1] || (scale === 'ratio' ? Math.log(2) : 1);
  return scale === 'ratio' ? [Math.exp(-size), Math.exp(size)] : [-size, size];
}

function requireLimits(limits: readonly number[], scale: SurfaceScale): void {
  const [low, high] = limits;
  const fail = (allowed: string): never => {
    throw new ConcordError('invalid-option', `invalid limits: ${limits.join(' to ')} (${allowed})`);
  };
  if (limits.length !== 2 || !limits.every(Number.isFinite) || !(high > low))
    fail('two numbers, the lower one first, are allowed');
  const close = (one: number, other: number): boolean => Math.abs(one - other) <= 1e-9 * Math.abs(other);
  if (scale === 'signed' && !close(-low, high))
    fail('those of a signed scale are symmetric about 0, such as −0.2 to 0.2');
  if (scale === 'ratio' && !(low > 0 && close(1 / low, high)))
    fail('those of a ratio are symmetric about 1, such as 0.5 to 2');
}

/** A value beside the bar of colors: with its sign where the scale has signs. */
function shown(value: number, scale: SurfaceScale): string {
  return scale === 'signed' && value > 0 ? `+${intensityText(value)}` : intensityText(value);
}

/** What the colors leave out, counted. */
function notesOf(
  parts: readonly SurfaceMapPart[],
  sorted: Float64Array,
  about: {
    readonly scale: SurfaceScale;
    readonly limits: readonly [number, number];
    readonly measure: string;
    readonly empty: string;
    readonly isGiven: boolean;
  },
): Pick<MapColors, 'notes' | 'missing'> {
  const { scale, limits, measure, empty, isGiven } = about;
  const total = parts.reduce((sum, { values }) => sum + values.length, 0);
  const missing = total - sorted.length;
  let below = 0;
  while (below < sorted.length && sorted[below] < limits[0]) below++;
  let above = 0;
  while (above < sorted.length && sorted[sorted.length - 1 - above] > limits[1]) above++;
  const symmetry = { signed: ', symmetric about 0', ratio: ', symmetric about 1 in logarithms', plain: '' }[
    scale
  ];
  const why = isGiven ? 'given' : scale === 'plain' ? '1st to 99.5th percentile' : '99th percentile of sizes';
  const range = `colors from ${shown(limits[0], scale)} to ${shown(limits[1], scale)}${measure}${symmetry} (${why})`;
  const beyond =
    below + above === 0
      ? 'no value is beyond them'
      : `clipped: ${count(below)} of ${count(sorted.length)} values are lower and ${count(above)} higher` +
        ` (${shown(sorted[0], scale)} to ${shown(sorted[sorted.length - 1], scale)})`;
  const notes = [
    sorted.length === 0 ? 'no vertex has a value' : `${range}; ${beyond}`,
    ...(missing === 0 ? [] : [`gray: ${count(missing)} of ${count(total)} vertices (${empty})`]),
  ];
  return { notes, missing };
}
