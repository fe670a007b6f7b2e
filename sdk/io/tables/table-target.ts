import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { ConcordError } from '../../errors';
import { inChunks } from '../text/table-text';

/** What kind of table is to be written, by the name of the file. */
export interface TableTarget {
  readonly format: '.csv' | '.tsv' | '.parquet';
  readonly gzip: boolean;
}

/**
 * Finds from a file's name what kind of table is to be written.
 *
 * @throws ConcordError `unsupported-format` listing the extensions there are.
 */
export function tableTarget(path: string): TableTarget {
  const found = /(\.csv|\.tsv|\.parquet)(\.gz)?$/i.exec(path);
  const gzip = found?.[2] !== undefined;
  const format = found?.[1].toLowerCase();
  if (format === '.csv' || format === '.tsv' || (format === '.parquet' && !gzip)) {
    return { format, gzip };
  }
  throw new ConcordError(
    'unsupported-format',
    `unsupported table: ${path} (name it .csv, .csv.gz, .tsv, .tsv.gz or .parquet)`,
    { where: { file: path } },
  );
}

/** Writes lines to a new file, packed where asked for. */
export async function writeLines(
  path: string,
  lines: AsyncIterable<string> | Iterable<string>,
  gzip: boolean,
): Promise<void> {
  const file = createWriteStream(path, { flags: 'wx' });
  const text = Readable.from(inChunks(lines));
  await (gzip ? pipeline(text, createGzip(), file) : pipeline(text, file));
}
