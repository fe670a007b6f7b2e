import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { CellReader } from './cell';
import { invalidNumber } from './cell';
import { looksLikeNumber } from './number-format';
import { isWholeHead } from './free-surfer-table';
import type { TableRow } from './row-source';
import type { TableColumns } from './table-columns';

/** Columns of these names describe the subject or the visit; they are never taken for features unasked. */
const describesSubject =
  /^(age([ _.].*)?|sex|gender|handedness|education|height|weight|bmi|group|diagnosis|dx|participant_id|subject(_?id)?|id|site|scanner|batch|session(_?id)?|visit|run)$/i;

/** Columns of row numbers that pandas adds when it writes a table. */
const rowNumbers = /^(__index_level_\d+__|Unnamed: \d+)$/;

/** Which columns were taken for features, and what is to be told about it. */
export interface InferredFeatures {
  readonly columns: readonly number[];
  readonly issues: readonly Issue[];
}

/**
 * Takes for features the columns without another meaning in which at least half of the values are numbers; so a
 * misspelt number in such a column is met as an error later, not as a reason to leave the column out.
 *
 * @param rows - the first rows of the table
 * @param taken - names that already have a meaning
 * @throws ConcordError `invalid-number` for a column written with decimal commas throughout.
 */
export function inferFeatures(
  table: TableColumns,
  rows: readonly TableRow[],
  options: { readonly taken: ReadonlyMap<string, string>; readonly reader: CellReader },
): InferredFeatures {
  const columns: number[] = [];
  const issues: Issue[] = [];
  table.names.forEach((name, column) => {
    if (options.taken.has(name)) return;
    const reason = reasonAgainst(table, column, { rows, reader: options.reader });
    if (reason === undefined) columns.push(column);
    else {
      const where = { file: table.source.name, column: name };
      issues.push(makeIssue('unused-column', `column "${name}" is not used: ${reason}`, where));
    }
  });
  if (columns.length > 0) {
    const names = columns.map((column) => `"${table.names[column]}"`);
    const list = names.length > 2 ? `${names[0]} … ${names[names.length - 1]}` : names.join(', ');
    const message = `${columns.length} numeric columns taken for features: ${list}`;
    issues.unshift(makeIssue('inferred-features', message, { file: table.source.name }));
  }
  return { columns, issues };
}

/** Why a column is not taken for a feature; `undefined` where it is. */
function reasonAgainst(
  table: TableColumns,
  column: number,
  { rows, reader }: { readonly rows: readonly TableRow[]; readonly reader: CellReader },
): string | undefined {
  const name = table.names[column];
  if (table.unnamed.has(column)) return 'it has no name';
  if (table.repeats.some((repeat) => repeat.column === column)) return 'it repeats another column';
  if (isWholeHead(table.source.header, column)) return 'it describes the whole head, not a region';
  if (rowNumbers.test(name)) return 'it holds row numbers';
  if (describesSubject.test(name)) return 'its name says that it describes the subject';
  let values = 0;
  let numbers = 0;
  let withComma: TableRow | undefined;
  let commas = 0;
  for (const row of rows) {
    const text = reader.text(row.cells[column]);
    if (text === null) continue;
    values++;
    if (reader.number(row.cells[column]) !== undefined) numbers++;
    else if (looksLikeNumber(text)) {
      commas++;
      withComma ??= row;
    }
  }
  if (values === 0) return `it has no value in the first ${rows.length} rows`;
  if (withComma !== undefined && numbers + commas === values) {
    throw invalidNumber(withComma.cells[column], {
      file: table.source.name,
      row: withComma.line,
      column: name,
    });
  }
  return numbers * 2 >= values ? undefined : 'it holds text';
}
