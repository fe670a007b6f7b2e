import { ConcordError } from '../../errors';
import type { TableCell, RowSource, TableRow } from './row-source';

/**
 * Makes a row source of rows that are in memory already.
 *
 * @throws ConcordError `malformed-table` when a row has another number of cells than the header.
 */
export function arraySource(
  name: string,
  header: readonly string[],
  rows: readonly (readonly TableCell[])[],
): RowSource {
  const ragged = rows.findIndex((cells) => cells.length !== header.length);
  if (ragged !== -1) {
    throw new ConcordError(
      'malformed-table',
      `ragged row: ${name}, row ${ragged + 1} has ${rows[ragged].length} cells where the header has ` +
        `${header.length} columns (every row needs one cell per column)`,
      { where: { file: name, row: ragged + 1 } },
    );
  }
  return {
    name,
    header: header.map((column) => column.trim()),
    rowsHint: Math.max(1, rows.length),
    rows: () => rows.map((cells, row): TableRow => ({ line: row + 1, cells })),
  };
}
