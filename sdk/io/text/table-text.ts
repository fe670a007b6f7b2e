import { stringify } from 'csv-stringify/sync';
import { numberText } from '../cells/number-format';

/** How the cells of a text table are separated, and what marks a missing value in it. */
export interface TextDialect {
  readonly delimiter: ',' | '\t';
  /** `NA` in CSV, which R and pandas understand; `n/a` in TSV, as BIDS asks. */
  readonly missing: 'NA' | 'n/a';
}

/** The dialects of the text tables this package writes, by extension. */
export const dialects: Readonly<Record<'.csv' | '.tsv', TextDialect>> = {
  '.csv': { delimiter: ',', missing: 'NA' },
  '.tsv': { delimiter: '\t', missing: 'n/a' },
};

/** Cells that csv-stringify would leave bare though readers trim or split them: blanks at an end, a lone CR. */
const alsoQuoted = /^\s|\s$|\r/;

/** What may have to be quoted; a line without it needs no look at every character by csv-stringify. */
const perhapsQuoted = /[",\t\n\r]|^\s|\s$/;

/** Cells that would be taken for something else between tabs, where a quote within a cell is part of it. */
const quotedBetweenTabs = /^"|[\t\r\n]|^\s|\s$/;

/**
 * One line of a text table, its end included. Cells are quoted where they must be: in CSV by RFC 4180; between tabs, where
 * BIDS takes quotes as they are (csv-stringify does not), only those that begin with a quote or hold a tab or a line end.
 *
 * @param cells - texts, and numbers to be written with a decimal point
 */
export function tableLine(cells: readonly (string | number)[], { delimiter }: TextDialect): string {
  if (delimiter === '\t') {
    const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
    return `${joined(cells, delimiter, (cell) => (quotedBetweenTabs.test(cell) ? quote(cell) : cell))}\n`;
  }
  if (cells.length > 1 && !cells.some((cell) => typeof cell === 'string' && perhapsQuoted.test(cell)))
    return `${joined(cells, delimiter, (cell) => cell)}\n`;
  const texts = cells.map((cell) => (typeof cell === 'number' ? numberText(cell) : cell));
  return stringify([texts], { delimiter, quoted_match: alsoQuoted });
}

/**
 * The cells with delimiters between them. Neighboring numbers are written at once by JSON, which writes each as
 * `numberText` does, without a string for each: that takes two thirds of the time.
 */
function joined(
  cells: readonly (string | number)[],
  delimiter: ',' | '\t',
  write: (cell: string) => string,
): string {
  const parts: string[] = [];
  for (let at = 0; at < cells.length;) {
    const cell = cells[at];
    let end = at;
    while (end < cells.length && isSameInJson(cells[end])) end++;
    if (end > at) {
      const numbers = JSON.stringify(cells.slice(at, end)).slice(1, -1);
      parts.push(delimiter === ',' ? numbers : numbers.replaceAll(',', delimiter));
      at = end;
    } else {
      parts.push(typeof cell === 'number' ? numberText(cell) : write(cell));
      at++;
    }
  }
  return parts.join(delimiter);
}

/** Whether a cell is a number that JSON writes as `numberText` does: it has no minus zero, no NaN, no infinity. */
function isSameInJson(cell: string | number): boolean {
  return typeof cell === 'number' && Number.isFinite(cell) && !Object.is(cell, -0);
}

/** Joins many short lines into chunks worth writing. */
export async function* inChunks(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const line of lines) {
    chunk += line;
    if (chunk.length < 65536) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}
