import { shortName } from '../../data/list-names';
import { ConcordError } from '../../errors';
import type { CellReader } from '../cells/cell';
import { invalidNumber } from '../cells/cell';
import { explainNumber } from '../cells/explain-number';
import { growingMatrix } from './growing-matrix';
import type { NotNumbers } from '../cells/not-numbers';
import { oneMore } from '../cells/not-numbers';
import type { IdColumns, IdScope, RowKey } from './row-ids';
import { composeId, keyReader } from './row-ids';
import type { TableRow } from '../text/row-source';
import { placeOf } from '../text/row-source';
import type { TableColumns } from '../columns/table-columns';

/** Which columns of a table to collect, and how. */
export interface RowPlan {
  readonly reader: CellReader;
  /** The column of subject ids. */
  readonly id: number;
  /** The columns of visits and persons, where there are any. */
  readonly who?: Omit<IdColumns, 'id'>;
  /** @defaultValue `'main'` */
  readonly scope?: IdScope;
  /** Columns kept as text: sites and covariates. */
  readonly texts: readonly number[];
  /** Chooses the columns kept as numbers, once the table is known to have rows. */
  readonly features: () => readonly number[];
  /**
   * Keep a cell of a feature that is no number as missing and record it, instead of refusing it: for columns of which it
   * is not yet known whether they are features.
   *
   * @defaultValue `false`
   */
  readonly lenient?: boolean;
  /** Whether a row is wanted; by default all are. */
  readonly accept?: (key: RowKey) => boolean;
}

/** The columns that a {@link RowPlan} asked for. */
export interface CollectedRows {
  readonly ids: readonly string[];
  /** The person on each row. */
  readonly persons: readonly string[];
  /** What the cells say about who and when each row is. */
  readonly keys: readonly RowKey[];
  /** Whether ids are made of person and visit. */
  readonly composed: boolean;
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
  /** By column: what the plan, being lenient, passed over. */
  readonly notNumbers: ReadonlyMap<number, NotNumbers>;
  /** How many different values the column has that may say who was scanned. */
  readonly suspected?: number;
  /** The marks of other programs that were read as missing, and how often, by column. */
  readonly marks: ReadonlyMap<number, ReadonlyMap<string, number>>;
  /** The texts of the subjects that were not accepted, as `texts`. */
  readonly refusedTexts: readonly (readonly (string | null)[])[];
}

/**
 * Reads a table through, keeping only what is asked for.
 *
 * @throws ConcordError `too-little-data`, `missing-value` (an id), `duplicate-id`, `invalid-number` or
 * `malformed-table`, naming row and column.
 */
export async function collectRows(table: TableColumns, plan: RowPlan): Promise<CollectedRows> {
  try {
    return await readThrough(table, plan);
  } catch (error) {
    throw await explainNumber(error, table);
  }
}

async function readThrough(table: TableColumns, plan: RowPlan): Promise<CollectedRows> {
  let collector: Collector | undefined;
  for await (const row of table.source.rows()) {
    collector ??= makeCollector(table, plan, plan.features());
    collector.add(row);
  }
  if (collector === undefined) {
    throw new ConcordError(
      'too-little-data',
      `empty table: ${table.source.name} has a header but no rows (one per subject is needed)`,
      {
        where: { file: table.source.name },
      },
    );
  }
  return collector.finish();
}

interface Collector {
  add(row: TableRow): void;
  finish(): CollectedRows;
}

function makeCollector(table: TableColumns, plan: RowPlan, features: readonly number[]): Collector {
  const keys: RowKey[] = [];
  const lines: number[] = [];
  const marks = markCounter();
  const numbers = numberCollector(table, features, { plan, marks });
  const texts = plan.texts.map((column) => textCollector(table, column, plan.reader));
  const refused = refusedRows(table, plan);
  const keysOf = keyReader(table, { id: plan.id, ...plan.who }, plan);
  const suspect = plan.who?.suspect;
  const suspected = new Set<string | null>();
  return {
    add(row) {
      const key = keysOf.read(row);
      checkRepeats(table, row);
      if (plan.accept !== undefined && !plan.accept(key)) {
        refused.add(key, row);
        return;
      }
      keys.push(key);
      lines.push(row.line);
      if (suspect !== undefined) suspected.add(plan.reader.text(row.cells[suspect]));
      texts.forEach((one) => one.add(row, marks));
      numbers.add(row);
    },
    finish() {
      const { visit, visitAsked = false } = plan.who ?? {};
      const composed = visit !== undefined && (visitAsked || keysOf.repeats());
      const named = (key: RowKey): string => (composed ? composeId(key) : key.id);
      const ids = keys.map(named);
      return {
        ids,
        persons: keys.map((key) => key.person),
        keys,
        composed,
        lines,
        texts: texts.map(({ values }) => values),
        features,
        ...numbers.finish(),
        refused: refused.keys.map(named),
        refusedTexts: refused.texts,
        suspected: suspect === undefined ? undefined : suspected.size,
        marks: marks.counts,
      };
    },
  };
}

interface NumberCollector {
  add(row: TableRow): void;
  finish(): Pick<CollectedRows, 'values' | 'notNumbers'>;
}

/** Collects the columns of numbers. */
function numberCollector(
  table: TableColumns,
  features: readonly number[],
  { plan, marks }: { readonly plan: RowPlan; readonly marks: MarkCounter },
): NumberCollector {
  const file = table.source.name;
  const readers = features.map((column) => plan.reader.in(table.names[column]));
  const matrix = growingMatrix(features.length, table.source.rowsHint);
  const notNumbers = new Map<number, NotNumbers>();
  return {
    finish: () => ({ values: matrix.finish(), notNumbers }),
    add(row) {
      const { values, offset } = matrix;
      for (let k = 0; k < features.length; k++) {
        const cell = row.cells[features[k]];
        const value = readers[k].number(cell);
        if (value === undefined && plan.lenient === true) {
          notNumbers.set(features[k], oneMore(notNumbers.get(features[k]), cell, row.line));
          values[offset + k] = NaN;
          continue;
        }
        if (value === undefined) {
          throw invalidNumber(cell, { file, row: row.line, column: table.names[features[k]] });
        }
        if (Number.isNaN(value)) marks.add(features[k], readers[k].foreignMark(cell));
        values[offset + k] = value;
      }
      matrix.next();
    },
  };
}

interface RefusedRows {
  readonly keys: readonly RowKey[];
  /** One list per text column. */
  readonly texts: readonly (readonly (string | null)[])[];
  add(key: RowKey, row: TableRow): void;
}

/** Remembers the rows that are not wanted, to say who was lost. */
function refusedRows(table: TableColumns, plan: RowPlan): RefusedRows {
  const keys: RowKey[] = [];
  const texts: (string | null)[][] = plan.texts.map(() => []);
  return {
    keys,
    texts,
    add(key, row) {
      keys.push(key);
      plan.texts.forEach((column, k) => {
        texts[k].push(plan.reader.in(table.names[column]).text(row.cells[column]));
      });
    },
  };
}

interface MarkCounter {
  add(column: number, mark: string | undefined): void;
  readonly counts: ReadonlyMap<number, ReadonlyMap<string, number>>;
}

function markCounter(): MarkCounter {
  const counts = new Map<number, Map<string, number>>();
  return {
    counts,
    add(column, mark) {
      if (mark === undefined) return;
      const met = counts.get(column) ?? new Map<string, number>();
      counts.set(column, met.set(mark, (met.get(mark) ?? 0) + 1));
    },
  };
}

interface TextCollector {
  readonly values: readonly (string | null)[];
  add(row: TableRow, marks: MarkCounter): void;
}

function textCollector(table: TableColumns, column: number, all: CellReader): TextCollector {
  const reader = all.in(table.names[column]);
  const values: (string | null)[] = [];
  const known = new Map<string, string>();
  return {
    values,
    add(row, marks) {
      const text = reader.text(row.cells[column]);
      if (text === null) marks.add(column, reader.foreignMark(row.cells[column]));
      values.push(shared(known, text));
    },
  };
}

/** The same text always as the same string, so that ten thousand rows of "M" hold one "M". */
function shared(known: Map<string, string>, text: string | null): string | null {
  if (text === null) return null;
  const same = known.get(text);
  if (same === undefined) known.set(text, text);
  return same ?? text;
}

/** Tables pasted side by side must list the same subjects in the same order. */
function checkRepeats(table: TableColumns, row: TableRow): void {
  for (const { column, repeats } of table.repeats) {
    if (row.cells[column] === row.cells[repeats]) continue;
    const where = { file: table.source.name, row: row.line, column: table.source.header[column] };
    throw new ConcordError(
      'malformed-table',
      `invalid table: ${placeOf(where)} holds "${shortName(String(row.cells[column]))}" but column ` +
        `"${table.source.header[repeats]}" holds "${shortName(String(row.cells[repeats]))}" ` +
        '(the tables side by side do not list the same subjects in the same order)',
      { where },
    );
  }
}
