import type { CsvError } from 'csv-parse';
import { ConcordError } from '../../errors';
import type { Delimiter } from './delimiter';

/** The error for a row that has another number of cells than the header. */
export function raggedRow(
  path: string,
  delimiter: Delimiter,
  row: { readonly cells: readonly string[]; readonly line: number; readonly header: readonly string[] },
): ConcordError {
  const { cells, line, header } = row;
  const count = cells.length === 1 ? '1 cell' : `${cells.length} cells`;
  return new ConcordError(
    'malformed-table',
    `ragged row: ${path}, row ${line} has ${count} where the header has ${header.length} columns`,
    { where: { file: path, row: line }, remedy: [remedyFor(delimiter, row)] },
  );
}

function remedyFor(
  delimiter: Delimiter,
  { cells, header }: { readonly cells: readonly string[]; readonly header: readonly string[] },
): string {
  if (cells.length > 2 && header.length * 2 <= cells.length)
    return 'if the first line is a title and not the names of the columns, remove it';
  if (cells.length === 1 && cells[0].startsWith('#'))
    return 'comments are read before the header only: remove the line';
  if (cells.length < header.length)
    return 'every row needs one cell per column, empty where a value is missing';
  if (delimiter === ' ') return 'a cell that holds blanks must be quoted';
  if (delimiter === ',' && cells.length > header.length + 1) {
    return 'a cell that holds the separator must be quoted; with decimal commas, save the table with semicolons';
  }
  return 'a cell that holds the separator must be quoted; tables written by R need col.names = NA';
}

/** Says what the parser of separated values met, in words a user can act on. */
export function unreadableCsv(path: string, cause: CsvError): ConcordError {
  const row = typeof cause['lines'] === 'number' ? cause['lines'] : undefined;
  const place = row === undefined ? path : `${path}, row ${row}`;
  const message =
    cause.code === 'CSV_QUOTE_NOT_CLOSED'
      ? `broken quote: a quote that opens in ${path} is never closed (close it, or write it twice inside quotes)`
      : `broken quote: ${place} (a cell with quotes must be quoted whole, and quotes inside it doubled)`;
  return new ConcordError('malformed-table', message, { where: { file: path, row }, cause });
}
