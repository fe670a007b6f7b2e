import type { RunOptions } from '../../data/run-options';
import { progressReporter } from '../../data/run-options';
import type { TableCell, RowSource, TableRow } from '../text/row-source';
import type { TableFile } from '../tables/table-file';
import type { DecodingOptions } from './decoding';
import { decoding } from './decoding';
import type { GroupCells } from './decode-parquet';
import type { ParquetPlan } from './parquet-plan';

/**
 * Opens a Parquet file: flat columns; uncompressed, Snappy, gzip, Brotli, LZ4 or Zstandard. Row groups are read one at
 * a time, in a thread of their own.
 *
 * @throws ConcordError `malformed-table` when rows, columns, sizes or checksums do not agree, or decoding does not end;
 * `unsupported-format`; `aborted`.
 */
export async function openParquet(
  file: TableFile,
  run: RunOptions & Pick<DecodingOptions, 'patience' | 'program'> = {},
): Promise<RowSource> {
  const { path, size } = file;
  let plan: ParquetPlan | undefined;
  for await (const news of decoding({ path, size }, run)) {
    if (news.kind === 'plan') plan = news.plan;
  }
  if (plan === undefined) throw new Error('a decoder gave no plan');
  const { columns, rows } = plan;
  const found = plan;
  return {
    name: path,
    header: columns.map(({ name }) => name.trim()),
    // Rows take a byte at the least, or are so alike that room for them can wait until they come.
    rowsHint: Math.max(1, Math.min(rows, size)),
    rows: () => readRows(file, found, run),
  };
}

async function* readRows(file: TableFile, plan: ParquetPlan, run: RunOptions): AsyncGenerator<TableRow> {
  const report = progressReporter(`reading ${file.path}`, plan.rows, run);
  let done = 0;
  for await (const news of decoding({ path: file.path, size: file.size, plan }, run)) {
    if (news.kind !== 'group') continue;
    const { group } = news;
    for (let row = 0; row < group.rows; row++) {
      yield { line: done + row + 1, cells: groupCells(group, row, plan.columns.length) };
    }
    done += group.rows;
    report(done);
  }
}

function groupCells(
  { rows, numeric, numbers, others }: GroupCells,
  row: number,
  width: number,
): readonly TableCell[] {
  const cells = new Array<TableCell>(width).fill(null);
  numeric.forEach((column, at) => (cells[column] = numbers[at * rows + row]));
  for (const [column, own] of others) cells[column] = own[row];
  return cells;
}
