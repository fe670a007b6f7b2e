import type { Where } from '../errors';
import { ConcordError } from '../errors';
import type { Cell } from './row-source';
import { placeOf } from './row-source';

/** The texts that mark a missing value unless the caller says otherwise. */
export const defaultMissing: readonly string[] = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan'];

/** A decimal number, perhaps with an exponent; nothing else that JavaScript would take for a number. */
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** Reads cells, knowing what marks a missing value. */
export interface CellReader {
  /** The text of a cell without blanks around it; `null` where it is missing. */
  text(cell: Cell): string | null;
  /** The number in a cell: `NaN` where it is missing, `undefined` where it holds something else. */
  number(cell: Cell): number | undefined;
}

/** Makes the reader for these markers of missing values. A marker that is a number, like −999, counts as one. */
export function makeCellReader(missing: readonly string[]): CellReader {
  const markers = new Set(missing.map((text) => text.trim()));
  const numbers = new Set(missing.filter((text) => decimal.test(text)).map(Number));
  return {
    text(cell) {
      if (cell === null || Number.isNaN(cell)) return null;
      const text = typeof cell === 'number' ? numberText(cell) : cell.trim();
      return markers.has(text) ? null : text;
    },
    number(cell) {
      if (cell === null) return NaN;
      if (typeof cell === 'string' && !decimal.test(cell)) return markers.has(cell.trim()) ? NaN : undefined;
      const value = Number(cell);
      if (numbers.size > 0 && numbers.has(value)) return NaN;
      return value === Infinity || value === -Infinity ? undefined : value;
    },
  };
}

/** The shortest text that reads back as the same 64-bit number, minus zero included. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The error for a cell that should hold a number. */
export function invalidNumber(cell: Cell, where: Where): ConcordError {
  const shown = String(cell).replaceAll(/\s+/g, ' ');
  return new ConcordError(
    'invalid-number',
    `invalid number in ${placeOf(where)}: "${shown}" (${numberRemedy(String(cell).trim())})`,
    { where },
  );
}

/** Whether a text is a number written with a decimal comma. */
export function hasDecimalComma(text: string): boolean {
  return /^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$/.test(text);
}

/** What the user can do about a text that is not a number. */
function numberRemedy(text: string): string {
  if (hasDecimalComma(text)) {
    return `write a decimal point instead of the decimal comma: ${text.replace(',', '.')}`;
  }
  if (/^[+-]?\d{1,3}([,_ ]\d{3})+(\.\d+)?$/.test(text) || /^[+-]?\d[\d_]*$/.test(text)) {
    return 'write the number without separators between its digits';
  }
  if (/^[+-]?0[xob]/i.test(text)) return 'write the number in decimal digits';
  if (/^[+-]?inf/i.test(text) || decimal.test(text)) {
    return 'finite numbers only: write NA where there is no value';
  }
  if (/^[+-]?[\d.]+\s*[a-zµ%°²³]+$/i.test(text)) return 'write the number alone, without a unit';
  return 'correct the cell, or list this text among the missing values if it marks one';
}
