import { oneOf } from '../../data/one-of';
import { ConcordError } from '../../errors';

/** What is between whole numbers and fractions, and between groups of three digits. */
export interface NumberFormat {
  /** @defaultValue `'.'` */
  readonly decimal?: DecimalSign;
  /**
   * What separates thousands: a comma, a point, a blank (also a no-break or a thin one), an apostrophe, an underscore.
   *
   * @defaultValue nothing does
   */
  readonly thousands?: ThousandsSign;
}

/** What separates whole numbers from fractions. */
export type DecimalSign = '.' | ',';

/** What separates groups of three digits. */
export type ThousandsSign = ',' | '.' | ' ' | "'" | '_';

/** The signs, as allowed. */
export const decimalSigns: readonly DecimalSign[] = ['.', ','];
export const thousandsSigns: readonly ThousandsSign[] = [',', '.', ' ', "'", '_'];

/** A decimal number with a point, perhaps with an exponent; nothing else that JavaScript would take for a number. */
const plain = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** How each separator of thousands is written: blanks and apostrophes come in several forms. */
const separators: Readonly<Record<ThousandsSign, string>> = {
  ',': ',',
  '.': '\\.',
  ' ': '[ \\u00a0\\u2009\\u202f]',
  "'": "['\\u2019]",
  _: '_',
};

/** Reads and writes the numbers of one format. */
export interface NumberReader {
  /** The number that a text is, `undefined` where it is none; infinite where it is too large. */
  readonly parse: (text: string) => number | undefined;
  /** The shortest text that reads back as the same 64-bit number. */
  readonly write: (value: number) => string;
}

/**
 * Makes the reader of a format.
 *
 * @throws ConcordError `invalid-option` for unknown signs, or the same one for both.
 */
export function numberReader({ decimal = '.', thousands }: NumberFormat = {}): NumberReader {
  oneOf('decimal', decimal, decimalSigns);
  if (thousands !== undefined) oneOf('thousands', thousands, thousandsSigns);
  if (decimal === thousands) {
    throw new ConcordError(
      'invalid-option',
      `invalid thousands: "${thousands}" is the decimal sign too (they must differ)`,
    );
  }
  if (decimal === '.' && thousands === undefined) {
    const parse = (text: string): number | undefined =>
      shortDecimal(text) ?? (plain.test(text) ? Number(text) : undefined);
    return { parse, write: numberText };
  }
  const sign = decimal === '.' ? '\\.' : ',';
  const separator = thousands === undefined ? undefined : separators[thousands];
  const grouped = separator === undefined ? '' : `\\d{1,3}(?:${separator}\\d{3})+(?:${sign}\\d*)?|`;
  const shape = new RegExp(`^\\s*[+-]?(?:${grouped}\\d+(?:${sign}\\d*)?|${sign}\\d+)(?:[eE][+-]?\\d+)?\\s*$`);
  const separate = separator === undefined ? undefined : new RegExp(separator, 'g');
  return {
    parse(text) {
      if (!shape.test(text)) return undefined;
      const joined = separate === undefined ? text.trim() : text.trim().replace(separate, '');
      return Number(decimal === ',' ? joined.replace(',', '.') : joined);
    },
    write: (value) => (decimal === ',' ? numberText(value).replace('.', ',') : numberText(value)),
  };
}

/** Up to this many digits a whole number is exact in 64 bits, and so is the power of ten that it is divided by. */
const exactDigits = 15;
const powersOfTen = Float64Array.from({ length: exactDigits + 1 }, (_, power) => Number(`1e${power}`));

/**
 * The number in a text of few digits, such as `-2.5071`: what nearly every cell of a table holds, in a third of the time of
 * `Number`. `undefined` for any other text, be it a number or not. Both the digits and the power of ten are exact, so
 * their quotient is rounded once, to the number that `Number` finds (Clinger 1990, "How to read floating point numbers
 * accurately").
 */
function shortDecimal(text: string): number | undefined {
  const { length } = text;
  const start = text.charCodeAt(0) === minus ? 1 : 0;
  let point = length;
  let digits = 0;
  for (let at = start; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code >= zero && code <= zero + 9) digits = 10 * digits + (code - zero);
    else if (code === dot && point === length) point = at;
    else return undefined;
  }
  const count = length - start - (point < length ? 1 : 0);
  if (count < 1 || count > exactDigits) return undefined;
  const size = point < length ? digits / powersOfTen[length - point - 1] : digits;
  return start === 1 ? -size : size;
}

const [minus, dot, zero] = [...'-.0'].map((sign) => sign.charCodeAt(0));

/** The shortest text that reads back as the same 64-bit number, minus zero included. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Every format but the usual one, the likelier first. */
const otherFormats: readonly NumberFormat[] = [
  { decimal: ',' },
  ...([',', ' ', "'", '_'] as const).map((thousands): NumberFormat => ({ decimal: '.', thousands })),
  ...(['.', ' ', "'", '_'] as const).map((thousands): NumberFormat => ({ decimal: ',', thousands })),
];

const otherReaders = otherFormats.map((format) => ({ format, reader: numberReader(format) }));

/** Whether a text is a number with a decimal comma or with separators of thousands. */
export function isNumberOtherwise(text: string): boolean {
  return !plain.test(text) && otherReaders.some(({ reader }) => reader.parse(text) !== undefined);
}

/** Whether a text is a number in any format. */
export function looksLikeNumber(text: string): boolean {
  return plain.test(text) || isNumberOtherwise(text);
}

/** A format that a number may be written in, and what it is then. */
export interface NumberReading {
  readonly format: NumberFormat;
  readonly value: number;
}

/**
 * The formats other than the usual one in which a text is a number, as far as other cells leave them open.
 *
 * @param column - the other cells of its column: a format must read every one of them that looks like a number
 * @param elsewhere - cells of other columns, which count where they leave any format
 */
export function formatsOf(
  text: string,
  column: Iterable<string>,
  elsewhere: Iterable<string> = [],
): readonly NumberReading[] {
  if (plain.test(text)) return [];
  let left = otherReaders.flatMap(({ format, reader }) => {
    const value = reader.parse(text);
    return value === undefined ? [] : [{ format, reader, value }];
  });
  for (const other of column) {
    if (!plain.test(other) && !isNumberOtherwise(other)) continue;
    left = left.filter(({ reader }) => reader.parse(other) !== undefined);
  }
  for (const other of elsewhere) {
    if (!isNumberOtherwise(other)) continue;
    const still = left.filter(({ reader }) => reader.parse(other) !== undefined);
    if (still.length > 0) left = still;
  }
  // The simplest of those that come to the same.
  const values = new Set<number>();
  return left.flatMap(({ format, value }) => {
    if (values.has(value)) return [];
    values.add(value);
    return [{ format, value }];
  });
}
