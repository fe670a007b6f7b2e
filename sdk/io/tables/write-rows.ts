import { requireCall } from '../../data/calls/require-call';
import type { Where } from '../../errors';
import { ConcordError } from '../../errors';
import { requireValueThenPath } from '../files/argument-order';
import type { WriteFileOptions } from '../files/write-file';
import { writeSafely } from '../files/write-file';
import type { CohortColumn } from '../columns/cohort-columns';
import { tableTarget } from './table-target';
import { writeColumns } from './write-columns';

/** One row of a table of results: its cells by the names of their columns; `null`, `undefined` and `NaN` are missing. */
export type ResultRow = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Writes rows of results (`groupSummary`, `describeSites`, `audits.featureResults`, or row objects of your own) as a table, its kind
 * chosen by the extension as in `writeTable`: `.csv`, `.tsv`, either with `.gz`, or `.parquet`. Columns are the keys met in
 * any row, in the order met; one that holds anything but numbers is written as text.
 *
 * @throws ConcordError `file-exists` when the file is there and `overwrite` is not set; `unsupported-format`,
 * `unwritable-file`; `invalid-option` where there is no row, or a cell is neither text, number, true, false nor missing.
 *
 * @example
 * ```ts
 * await writeRows(groupSummary(cohort, ['age', 'left.fusiform']), 'by-site.csv');
 * ```
 */
export async function writeRows(
  rows: readonly ResultRow[],
  path: string,
  options: WriteFileOptions = {},
): Promise<void> {
  requireValueThenPath('writeRows', rows, path);
  requireCall('writeRows', { rows, path, options });
  if (rows.length === 0) throw invalid('there are none to write', {});
  rows.forEach((row, at) => {
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return;
    throw invalid(`row ${at + 1} is no object with cells by the names of their columns`, { row: at + 1 });
  });
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const target = tableTarget(path);
  const table = { columns: names.map((name) => columnOf(rows, name)), rows: rows.length };
  await writeSafely(path, (temporary) => writeColumns(temporary, target, table), options);
}

function columnOf(rows: readonly ResultRow[], name: string): CohortColumn {
  const cells = rows.map((row, at) => checked(row[name], name, at));
  return cells.every((cell) => cell === null || typeof cell === 'number')
    ? { name, kind: 'number', at: (row) => cells[row] ?? NaN }
    : { name, kind: 'text', at: (row) => textOf(cells[row]) };
}

function textOf(cell: string | number | boolean | null): string | null {
  return cell === null || Number.isNaN(cell) ? null : String(cell);
}

function checked(cell: unknown, name: string, row: number): string | number | boolean | null {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean') return cell;
  throw invalid(
    `column "${name}" of row ${row + 1} holds a value of type ${typeof cell} (text, a number, true, false or nothing is allowed)`,
    { column: name, row: row + 1 },
  );
}

function invalid(why: string, where: Where): ConcordError {
  return new ConcordError('invalid-option', `invalid rows: ${why}`, { where });
}
