import type * as HyparquetWriter from 'hyparquet-writer';
import { loadPart } from '../../parts';
import type { CohortColumn } from '../columns/cohort-columns';

/** Rows per group: small enough that a reader holds little at a time. */
const rowsPerGroup = 1000;

type WriterPart = 'fileWriter' | 'ParquetWriter' | 'schemaFromColumnData';

/** Writes columns to a Parquet file: text as strings, numbers as 64-bit floats, missing values as null. */
export async function writeParquet(
  path: string,
  columns: readonly CohortColumn[],
  rows: number,
): Promise<void> {
  const writer = loadPart('parquet-writer.cjs') as Pick<typeof HyparquetWriter, WriterPart>;
  const { fileWriter, ParquetWriter, schemaFromColumnData } = writer;
  const table = new ParquetWriter({
    writer: fileWriter(path),
    schema: schemaFromColumnData({ columnData: columnGroup(columns, 0, 0) }),
  });
  for (let start = 0; start < rows; start += rowsPerGroup) {
    const end = Math.min(rows, start + rowsPerGroup);
    await table.write({ columnData: columnGroup(columns, start, end), rowGroupSize: rowsPerGroup });
  }
  await table.finish();
}

function columnGroup(
  columns: readonly CohortColumn[],
  start: number,
  end: number,
): HyparquetWriter.ColumnSource[] {
  return columns.map((column): HyparquetWriter.ColumnSource => {
    const { name } = column;
    const rows = Array.from({ length: end - start }, (_, offset) => start + offset);
    if (column.kind === 'text') return { name, type: 'STRING', data: rows.map((row) => column.at(row)) };
    const data = rows.map((row) => {
      const value = column.at(row);
      return Number.isNaN(value) ? null : value;
    });
    // A dictionary of values would not separate −0 from 0.
    return { name, type: 'DOUBLE', encoding: 'PLAIN', data };
  });
}
