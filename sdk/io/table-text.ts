import { stringify } from 'csv-stringify/sync';

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
 */
export function tableLine(cells: readonly string[], { delimiter }: TextDialect): string {
  if (delimiter === '\t') {
    const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
    return `${cells.map((cell) => (quotedBetweenTabs.test(cell) ? quote(cell) : cell)).join('\t')}\n`;
  }
  if (cells.length > 1 && !cells.some((cell) => perhapsQuoted.test(cell)))
    return `${cells.join(delimiter)}\n`;
  return stringify([[...cells]], { delimiter, quoted_match: alsoQuoted });
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
