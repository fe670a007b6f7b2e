import type { RunOptions } from '../../data/run-options';
import { openDelimited } from '../text/delimited-source';
import { openParquet } from '../parquet/open-parquet';
import type { RowSource } from '../text/row-source';
import { inspectTableFile } from './table-file';

/**
 * Opens a table of any kind this package reads, finding the kind by the file's first bytes.
 *
 * @throws ConcordError `unreadable-file`, `unsupported-format`, `malformed-table` or `too-little-data`.
 */
export async function openTable(path: string, run: RunOptions = {}): Promise<RowSource> {
  const file = await inspectTableFile(path);
  return file.format === 'parquet' ? openParquet(file, run) : openDelimited(file, run);
}
