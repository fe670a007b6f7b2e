import { ConcordError } from '../errors';
import type { CellReader } from './cell';
import { invalidNumber } from './cell';
import { growingMatrix } from './growing-matrix';
import type { TableRow } from './row-source';
import { placeOf } from './row-source';
import type { TableColumns } from './table-columns';

/** Which columns of a table to collect, and how. */
export interface RowPlan {
  readonly reader: CellReader;
  /** The column of subject ids. */
  readonly id: number;
  /** Columns kept as text: sites and covariates. */
  readonly texts: readonly number[];
  /** Chooses the columns kept as numbers, from the first rows. */
  readonly features: (firstRows: readonly TableRow[]) => readonly number[];
  /** Whether a subject is wanted; by default all are. */
  readonly accept?: (id: string) => boolean;
}

/** The columns that a {@link RowPlan} asked for. */
export interface CollectedRows {
  readonly ids: readonly string[];
  /** The row number of each subject in its file. */
  readonly lines: readonly number[];
  /** One list per text column; `null` marks a missing value. */
  readonly texts: readonly (readonly (string | null)[])[];
  /** The columns of `values`. */
  readonly features: readonly number[];
  /** Subjects × features. */
  readonly values: Float64Array;
  /** Ids of the subjects that were not accepted. */
  readonly refused: readonly string[];
  /** Their texts, as `texts`. */
  readonly refusedTexts: readonly (readonly (string | null)[])[];
}

/** From how many rows features are chosen. */
const firstRows = 100;

/**
 * Reads a table through, keeping only what is asked for.
 *
 * @throws ConcordError `too-little-data`, `missing-value` (an id), `duplicate-id`, `invalid-number` or
 * `malformed-table`, naming row and column.
 */
export async function collectRows(table: TableColumns, plan: RowPlan): Promise<CollectedRows> {
  let collector: Collector | undefined;
  const waiting: TableRow[] = [];
  const start = (): Collector => {
    const started = makeCollector(table, plan, plan.features(waiting));
    waiting.forEach((row) => started.add(row));
    waiting.length = 0;
    return started;
  };
  for await (const row of table.source.rows()) {
    if (collector !== undefined) collector.add(row);
    else if (waiting.push(row) === firstRows) collector = start();
  }
  if (collector === undefined && waiting.length === 0) {
    throw new ConcordError(
      'too-little-data',
      `empty table: ${table.source.name} has a header but no rows (one per subject is needed)`,
      {
        where: { file: table.source.name },
      },
    );
  }
  return (collector ?? start()).finish();
}

interface Collector {
  add(row: TableRow): void;
  finish(): CollectedRows;
}

function makeCollector(table: TableColumns, plan: RowPlan, features: readonly number[]): Collector {
  const file = table.source.name;
  const { reader } = plan;
  const matrix = growingMatrix(features.length, table.source.rowsHint);
  const ids: string[] = [];
  const lines: number[] = [];
  const refused: string[] = [];
  const texts: (string | null)[][] = plan.texts.map(() => []);
  const refusedTexts: (string | null)[][] = plan.texts.map(() => []);
  const lineOf = new Map<string, number>();
  const known = new Map<string, string>();
  const addNumbers = (row: TableRow): void => {
    const { values, offset } = matrix;
    for (let k = 0; k < features.length; k++) {
      const cell = row.cells[features[k]];
      const value = reader.number(cell);
      if (value === undefined) {
        throw invalidNumber(cell, { file, row: row.line, column: table.names[features[k]] });
      }
      values[offset + k] = value;
    }
    matrix.next();
  };
  return {
    add(row) {
      const id = readId(table, row, { plan, lineOf });
      checkRepeats(table, row);
      if (plan.accept !== undefined && !plan.accept(id)) {
        refused.push(id);
        plan.texts.forEach((column, k) => refusedTexts[k].push(reader.text(row.cells[column])));
        return;
      }
      ids.push(id);
      lines.push(row.line);
      plan.texts.forEach((column, k) => texts[k].push(shared(known, reader.text(row.cells[column]))));
      addNumbers(row);
    },
    finish: () => ({ ids, lines, texts, features, values: matrix.finish(), refused, refusedTexts }),
  };
}

/** The same text always as the same string, so that ten thousand rows of "M" hold one "M". */
function shared(known: Map<string, string>, text: string | null): string | null {
  if (text === null) return null;
  const same = known.get(text);
  if (same === undefined) known.set(text, text);
  return same ?? text;
}

function readId(
  table: TableColumns,
  row: TableRow,
  { plan, lineOf }: { readonly plan: RowPlan; readonly lineOf: Map<string, number> },
): string {
  const where = { file: table.source.name, row: row.line, column: table.names[plan.id] };
  const id = plan.reader.text(row.cells[plan.id]);
  if (id === null) {
    throw new ConcordError(
      'missing-value',
      `missing subject id in ${placeOf(where)} (every row needs one; remove rows without data)`,
      { where },
    );
  }
  const other = lineOf.get(id);
  if (other !== undefined) {
    throw new ConcordError(
      'duplicate-id',
      `duplicate subject id in ${placeOf(where)}: "${id}" is also in row ${other} ` +
        '(keep one row per subject, or choose a column of unique ids)',
      { where: { ...where, subject: id } },
    );
  }
  lineOf.set(id, row.line);
  return id;
}

/** Tables pasted side by side must list the same subjects in the same order. */
function checkRepeats(table: TableColumns, row: TableRow): void {
  for (const { column, repeats } of table.repeats) {
    if (row.cells[column] === row.cells[repeats]) continue;
    const where = { file: table.source.name, row: row.line, column: table.source.header[column] };
    throw new ConcordError(
      'malformed-table',
      `invalid table: ${placeOf(where)} holds "${row.cells[column]}" but column ` +
        `"${table.source.header[repeats]}" holds "${row.cells[repeats]}" ` +
        '(the tables side by side do not list the same subjects in the same order)',
      { where },
    );
  }
}
