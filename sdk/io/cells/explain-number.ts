import { ConcordError } from '../../errors';
import { invalidNumber } from './cell';
import { isNumberOtherwise } from './number-format';
import type { TableCell } from '../text/row-source';
import type { TableColumns } from '../columns/table-columns';

/** How many rows are looked through to find out what a comma means. */
const evidenceRows = 1000;

/** Says what an unreadable number can mean, from the other cells of the table. */
export async function explainNumber(error: unknown, table: TableColumns): Promise<unknown> {
  if (!(error instanceof ConcordError) || error.code !== 'invalid-number') return error;
  const { row, column } = error.where;
  const at = column === undefined ? -1 : table.names.indexOf(column);
  if (at === -1 || row === undefined || error.where.file !== table.source.name) return error;
  const own = new Set<string>();
  const elsewhere = new Set<string>();
  let cell: TableCell = null;
  let seen = 0;
  for await (const { line, cells } of table.source.rows()) {
    if (line === row) cell = cells[at];
    if (seen++ < evidenceRows) {
      cells.forEach((one, other) => {
        const text = typeof one === 'string' ? one.trim() : '';
        if (other === at) own.add(text);
        else if (isNumberOtherwise(text)) elsewhere.add(text);
      });
    } else if (line >= row) break;
  }
  return cell === null ? error : invalidNumber(cell, error.where, { column: own, elsewhere });
}
