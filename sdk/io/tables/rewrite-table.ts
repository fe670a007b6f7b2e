import type { FeatureCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import type { CellReader } from '../cells/cell';
import { makeCellReader } from '../cells/cell';
import { listNames } from '../../data/list-names';
import { openTable } from './open-table';
import type { TableCell, TableRow } from '../text/row-source';
import { placeOf } from '../text/row-source';
import type { TableColumns } from '../columns/table-columns';
import { columnNamed, tableColumns } from '../columns/table-columns';
import type { IdColumns } from '../rows/row-ids';
import { composeId, idColumns } from '../rows/row-ids';
import type { TableOptions } from './table-options';
import { requireOtherFile } from '../files/same-file';
import { tableTarget, writeLines } from './table-target';
import { dialects, tableLine } from '../text/table-text';
import type { WriteFileOptions } from '../files/write-file';
import { writeSafely } from '../files/write-file';
import { requirePath, requireValueThenPath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';
import { counted } from '../../data/counted';

/** Options of {@link rewriteTable}: the table to write again, and how it was read, as in `loadTable`. */
export interface RewriteTableOptions
  extends
    WriteFileOptions,
    RunOptions,
    Pick<TableOptions, 'id' | 'person' | 'visit' | 'missing' | 'decimal' | 'thousands'> {
  /** The path of the table that the cohort was loaded from, which gives all other columns. */
  readonly source: string;
}

/** What {@link rewriteTable} wrote. */
export interface RewrittenTable {
  readonly path: string;
  /** Rows written, one per subject of the cohort. */
  readonly rows: number;
  /** Rows of the source whose subjects are not in the cohort, and which were not written. */
  readonly leftOut: number;
  /** Cells that hold a number in the source but are missing in the cohort, and were written as missing. */
  readonly madeMissing: number;
}

/**
 * Writes a table again with the values of a cohort in the columns of its features; every other column, the order of
 * rows and columns, and the text of unchanged and of missing cells stay as they are; so do rows that describe the columns
 * under the header. Rows are matched by subject id, made of id and visit where the cohort's are. Numbers are written with
 * the decimal sign of the source, without separators of thousands, so that the options that read the one read the other.
 * The source may be of any kind that `loadTable` reads; the target is CSV or TSV, by its extension, gzipped or not.
 *
 * @throws ConcordError `unknown-column` when the source lacks a feature; `invalid-option` when it lacks a subject, or is
 * the target itself (a source is never overwritten); `duplicate-id`, `file-exists`, `unsupported-format`,
 * `unwritable-file` and those of reading.
 *
 * @example
 * ```ts
 * await rewriteTable(after, 'harmonized.csv', { source: 'thickness.csv', id: 'subject' });
 * ```
 */
export async function rewriteTable(
  cohort: FeatureCohort,
  path: string,
  options: RewriteTableOptions,
): Promise<RewrittenTable> {
  requireValueThenPath('rewriteTable', cohort, path);
  requireCall('rewriteTable', { cohort, path, options });
  const sourcePath: unknown = (options as Partial<RewriteTableOptions> | undefined)?.source;
  requirePath('the source', sourcePath);
  const target = tableTarget(path);
  if (target.format === '.parquet') {
    throw new ConcordError(
      'unsupported-format',
      `unsupported table: ${path} (the table is rewritten as text: name it .csv or .tsv)`,
      { where: { file: path } },
    );
  }
  await requireOtherFile(path, [sourcePath]);
  const dialect = dialects[target.format];
  const source = await openTable(sourcePath, options);
  const plan = makePlan(tableColumns(source), cohort, options);
  const counts = { rows: 0, leftOut: 0, madeMissing: 0 };
  async function* lines(): AsyncGenerator<string> {
    yield tableLine(source.header, dialect);
    for (const cells of source.descriptions ?? []) yield tableLine(cells, dialect);
    for await (const row of source.rows()) {
      const subject = plan.subjectOf(row);
      if (subject === undefined) counts.leftOut++;
      else {
        const rewritten = plan.rewrite(row, subject, dialect.missing);
        counts.rows++;
        counts.madeMissing += rewritten.madeMissing;
        yield tableLine(rewritten.cells, dialect);
      }
    }
    plan.requireAllMet();
  }
  await writeSafely(path, (temporary) => writeLines(temporary, lines(), target.gzip), options);
  return { path: path, ...counts };
}

interface RewritePlan {
  /** The row of the cohort that a row of the source belongs to. */
  readonly subjectOf: (row: TableRow) => number | undefined;
  readonly rewrite: (
    row: TableRow,
    subject: number,
    missing: string,
  ) => { readonly cells: readonly (string | number)[]; readonly madeMissing: number };
  readonly requireAllMet: () => void;
}

function makePlan(table: TableColumns, cohort: FeatureCohort, options: RewriteTableOptions): RewritePlan {
  const reader = makeCellReader(options.missing, options);
  const { values, features } = cohort.features;
  const { ids } = cohort.participants;
  const who = idColumns(table, options);
  const columns = features.map((name) => columnNamed(table, name));
  const readers = columns.map((column) => reader.in(table.names[column]));
  const subjects = new Map(ids.map((subject, row) => [subject, row]));
  const lineOf = new Map<string, number>();
  const written = (value: number): string | number => (options.decimal === ',' ? reader.write(value) : value);
  return {
    subjectOf(row) {
      const subject = [composedId, plainId]
        .map((idOf) => idOf(row, { table, who, reader }))
        .find((id) => id !== undefined && subjects.has(id));
      if (subject === undefined) return undefined;
      requireFirst(subject, row, { table, id: who.id, lineOf });
      return subjects.get(subject);
    },
    rewrite(row, subject, missing) {
      const cells = row.cells.map(verbatim);
      let madeMissing = 0;
      columns.forEach((column, feature) => {
        const value = values[subject * features.length + feature];
        // An unchanged number keeps its text, and so does a cell that was missing and still is.
        if (Object.is(readers[feature].number(row.cells[column]), value)) return;
        cells[column] = Number.isNaN(value) ? missing : written(value);
        if (Number.isNaN(value)) madeMissing++;
      });
      return { cells, madeMissing };
    },
    requireAllMet() {
      const absent = ids.filter((subject) => !lineOf.has(subject));
      if (absent.length === 0) return;
      throw new ConcordError(
        'invalid-option',
        `invalid source: ${table.source.name} has no row for ${counted(absent.length, 'subject')} of the cohort: ` +
          `${listNames(absent)} (give the table that the cohort was loaded from)`,
        { where: { file: table.source.name, subject: absent[0] } },
      );
    },
  };
}

interface RowNaming {
  readonly table: TableColumns;
  readonly who: IdColumns;
  readonly reader: CellReader;
}

function plainId(row: TableRow, { table, who, reader }: RowNaming): string | undefined {
  const id = reader.in(table.names[who.id]).text(row.cells[who.id]) ?? undefined;
  return who.visitAsked === true ? undefined : id;
}

function composedId(row: TableRow, { table, who, reader }: RowNaming): string | undefined {
  const id = reader.in(table.names[who.id]).text(row.cells[who.id]);
  if (id === null || who.visit === undefined) return undefined;
  return composeId({ id, visit: reader.in(table.names[who.visit]).text(row.cells[who.visit]) });
}

function verbatim(cell: TableCell): string | number {
  return cell === null || Number.isNaN(cell) ? '' : cell;
}

function requireFirst(
  subject: string,
  row: TableRow,
  seen: { readonly table: TableColumns; readonly id: number; readonly lineOf: Map<string, number> },
): void {
  const other = seen.lineOf.get(subject);
  if (other !== undefined) {
    const where = { file: seen.table.source.name, row: row.line, column: seen.table.names[seen.id], subject };
    throw new ConcordError(
      'duplicate-id',
      `duplicate subject id in ${placeOf(where)}: "${subject}" is also in row ${other} (keep one row per subject)`,
      { where },
    );
  }
  seen.lineOf.set(subject, row.line);
}
