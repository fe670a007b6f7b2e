import type { CohortColumn } from '../columns/cohort-columns';
import { writeParquet } from '../parquet/write-parquet';
import type { TextDialect } from '../text/table-text';
import { dialects, tableLine } from '../text/table-text';
import type { TableTarget } from './table-target';
import { writeLines } from './table-target';

/** The cells of a table, column by column. */
export interface WrittenColumns {
  readonly columns: readonly CohortColumn[];
  readonly rows: number;
}

/** Writes columns to a new file, as text or as Parquet. */
export async function writeColumns(
  path: string,
  { format, gzip }: TableTarget,
  { columns, rows }: WrittenColumns,
): Promise<void> {
  if (format === '.parquet') await writeParquet(path, columns, rows);
  else await writeLines(path, lines(columns, rows, dialects[format]), gzip);
}

function* lines(columns: readonly CohortColumn[], rows: number, dialect: TextDialect): Generator<string> {
  yield tableLine(
    columns.map(({ name }) => name),
    dialect,
  );
  for (let row = 0; row < rows; row++) {
    const cells = columns.map((column) => {
      const value = column.at(row);
      return value === null || Number.isNaN(value) ? dialect.missing : value;
    });
    yield tableLine(cells, dialect);
  }
}
