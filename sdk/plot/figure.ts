import type { JsonObject, JsonValue } from '../data/json';
import { ConcordError } from '../errors';

/** One layer of a figure, in Plotly's vocabulary: its `type` and that type's attributes, as plain JSON. */
export interface Trace extends JsonObject {
  /** The Plotly trace type, for example `scatter` or `violin`. */
  readonly type: string;
}

/** Titles, axes, legend and size of a figure, in Plotly's vocabulary, as plain JSON. */
export type Layout = JsonObject;

/**
 * A figure as Plotly draws it: `Plotly.newPlot(element, figure.data, figure.layout)`. Plain JSON: missing numbers
 * are `null`, there are no typed arrays, and it survives `JSON.stringify` unchanged.
 */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: Layout;
}

/** Whether a value is a figure: traces and a layout. */
export function isFigure(value: unknown): value is Figure {
  return (
    typeof value === 'object' &&
    value !== null &&
    'data' in value &&
    Array.isArray(value.data) &&
    'layout' in value &&
    typeof value.layout === 'object' &&
    value.layout !== null
  );
}

/**
 * A figure as JSON, also one that is not quite plain: typed arrays become lists, and numbers that JSON lacks (NaN,
 * infinity) become `null`, which Plotly draws as missing.
 *
 * @throws ConcordError `invalid-option` where it refers to itself.
 */
export function figureJson({ data, layout }: Figure): string {
  const plain = (_: string, value: unknown): unknown => {
    if (typeof value === 'bigint') return Number(value);
    if (!ArrayBuffer.isView(value) || value instanceof DataView) return value;
    return Array.from(value as unknown as ArrayLike<unknown>);
  };
  try {
    return JSON.stringify({ data, layout }, plain);
  } catch (cause) {
    throw new ConcordError('invalid-option', 'invalid figure: a part of it contains itself', { cause });
  }
}

/** A number as a figure carries it: six significant digits, `null` where it is not finite. */
export function plainNumber(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}

/** Numbers as a figure carries them, see {@link plainNumber}. */
export function plainNumbers(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, plainNumber);
}

/**
 * A name of the user's as literal text in a figure: Plotly reads tags and entities in its labels, so a site named
 * `<b>` would otherwise vanish.
 */
export function label(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Several user names as literal labels, see {@link label}. */
export function labels(texts: readonly string[]): string[] {
  return texts.map(label);
}

/** The object without the entries that are `undefined`. */
export function defined(entries: { readonly [key: string]: JsonValue | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}
