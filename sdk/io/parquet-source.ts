import type { FileMetaData } from 'hyparquet';
import type { RunOptions } from '../data/run-options';
import { breathe, progressReporter } from '../data/run-options';
import { ConcordError } from '../errors';
import { damagedParquet, diskBuffer, readRowGroup } from './parquet-columns';
import { plainCell } from './plain-cell';
import type { RowSource, TableRow } from './row-source';
import type { TableFile } from './table-file';

/**
 * Opens a Parquet file: flat columns; uncompressed, Snappy, gzip, Brotli, and Zstandard where Node has it.
 * Row groups are read one at a time.
 *
 * @throws ConcordError `malformed-table` or `unsupported-format`.
 */
export async function openParquet(file: TableFile, run: RunOptions = {}): Promise<RowSource> {
  const { parquetMetadataAsync, parquetSchema } = await import('hyparquet');
  const metadata = await parquetMetadataAsync(diskBuffer(file)).catch((cause: unknown) => {
    throw damagedParquet(file, cause);
  });
  const columns = parquetSchema(metadata).children;
  const nested = columns.find((column) => column.children.length > 0);
  if (nested !== undefined) {
    throw new ConcordError(
      'unsupported-format',
      `unsupported: column "${nested.element.name}" of ${file.path} is nested (flat columns are needed)`,
      { where: { file: file.path, column: nested.element.name } },
    );
  }
  const header = columns.map((column) => column.element.name);
  return {
    name: file.path,
    header: header.map((name) => name.trim()),
    rowsHint: Math.max(1, Number(metadata.num_rows)),
    rows: () => readRows(file, { metadata, header, run }),
  };
}

interface OpenParquet {
  readonly metadata: FileMetaData;
  readonly header: readonly string[];
  readonly run: RunOptions;
}

async function* readRows(file: TableFile, { metadata, header, run }: OpenParquet): AsyncGenerator<TableRow> {
  const report = progressReporter(`reading ${file.path}`, Number(metadata.num_rows), run);
  let start = 0;
  for (const group of metadata.row_groups) {
    await breathe(run.signal);
    const end = start + Number(group.num_rows);
    const columns = await readRowGroup(file, { metadata, header, start, end });
    for (let row = start; row < end; row++) {
      yield { line: row + 1, cells: columns.map((values) => plainCell(values[row - start])) };
    }
    start = end;
    report(end);
  }
}
