import { basename } from 'node:path';
import { ConcordError } from '../../errors';
import { readJsonFile } from './read-file';
import type { WriteFileOptions } from './write-file';
import { isThere, requireAbsent } from './write-file';

/** Where the description of a table is: `thickness.csv.json` beside `thickness.csv`. */
export function sidecarPath(table: string): string {
  return `${table}.json`;
}

/**
 * Checks that the sidecar of a table may be written. Even with `overwrite`, only an earlier sidecar of that table may
 * be replaced: who allows a table to be replaced has not given up a model or a BIDS description beside it.
 *
 * @throws ConcordError `file-exists`.
 */
export async function requireFreeSidecar(table: string, options: WriteFileOptions = {}): Promise<void> {
  const path = sidecarPath(table);
  if (options.overwrite !== true) return requireAbsent(path);
  if (!(await isThere(path)) || (await isSidecarOf(table, path))) return;
  throw new ConcordError(
    'file-exists',
    `file exists: ${path} is not a description of ${basename(table)} that Concord wrote, so it is not replaced ` +
      '(move it away, or choose another name for the table)',
    { where: { file: path } },
  );
}

async function isSidecarOf(table: string, path: string): Promise<boolean> {
  const content = await readJsonFile(path).catch(() => undefined);
  if (typeof content !== 'object' || content === null) return false;
  const { table: name, writtenBy } = content as { readonly table?: unknown; readonly writtenBy?: unknown };
  return name === basename(table) && typeof writtenBy === 'string' && writtenBy.startsWith('concord-mri ');
}
