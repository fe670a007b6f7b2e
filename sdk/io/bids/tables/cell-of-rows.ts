import { basename } from 'node:path';
import { ConcordError } from '../../../errors';
import { listFirst, shortName } from '../../../data/list-names';
import type { BidsTable } from './bids-table';

/** The cell that some rows of a table have of a column together. */
export interface AgreedCell {
  /** `null` where no row has a value. */
  readonly text: string | null;
  readonly line: number;
}

/**
 * What several rows of one participant or session say of a column: those that say something must agree.
 *
 * @throws ConcordError `duplicate-id` naming participant, column and values where they are in conflict, unless there
 * is something else to return.
 */
export function cellOfRows(
  table: BidsTable,
  column: string,
  { rows, otherwise }: { readonly rows: readonly number[]; readonly otherwise?: null },
): AgreedCell {
  const line = rows.length === 0 ? 0 : table.line(rows[0]);
  const said = rows.filter((row) => table.text(row, column) !== null);
  if (said.length === 0) return { text: null, line };
  const text = table.text(said[0], column);
  const other = said.find((row) => table.text(row, column) !== text);
  if (other === undefined) return { text, line: table.line(said[0]) };
  if (otherwise === null) return { text: null, line };
  throw contradiction(table, column, { rows: said });
}

function contradiction(
  table: BidsTable,
  column: string,
  { rows }: { readonly rows: readonly number[] },
): ConcordError {
  const values = new Map<string, number>();
  for (const row of rows) {
    const text = table.text(row, column) ?? '';
    if (!values.has(text)) values.set(text, table.line(row));
  }
  const shown = listFirst([...values], ([text, line]) => `"${shortName(text)}" (row ${line})`, { most: 4 });
  const id = table.ids[rows[0]];
  const file = basename(table.file);
  return new ConcordError(
    'duplicate-id',
    `several rows of ${id} in ${file} differ in "${column}": ${shown}`,
    {
      where: { file: table.file, column, subject: id, row: table.line(rows[1]) },
      remedy: [
        'keep or correct one row; where each row is a session, name it as the folders do in a column session_id (ses-01 …)',
      ],
    },
  );
}
