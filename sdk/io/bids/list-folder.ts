import type { Dirent } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConcordError } from '../../errors';
import { unreadableFile } from '../files/read-file';

/** What a folder holds, links followed. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'dangling';
}

/**
 * Lists a folder in the order of code units, so that every machine sees the same order.
 *
 * @throws ConcordError `unreadable-file` when it cannot be listed.
 */
export async function listFolder(path: string): Promise<readonly FolderEntry[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(async (cause: unknown) => {
    throw (await isFile(path)) ? aFile(path, cause) : unreadableFile(path, cause);
  });
  const listed = await Promise.all(
    entries.map(async (entry): Promise<FolderEntry> => ({
      name: entry.name,
      kind: await kindOf(path, entry),
    })),
  );
  return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

function aFile(path: string, cause: unknown): ConcordError {
  const problem = `cannot read ${path}: it is a file, and a folder of scans is needed`;
  return new ConcordError('unreadable-file', problem, { where: { file: path }, cause });
}

async function kindOf(path: string, entry: Dirent): Promise<FolderEntry['kind']> {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? 'folder' : 'file';
  const found = await stat(join(path, entry.name)).catch(() => undefined);
  if (found === undefined) return 'dangling';
  return found.isDirectory() ? 'folder' : 'file';
}

/** The error for a link whose target is not there: in a DataLad dataset, content that was not fetched. */
export async function danglingLink(path: string): Promise<ConcordError> {
  const target = await readlink(path).catch(() => '');
  const remedy = /\.git[\\/]annex[\\/]/.test(target)
    ? 'the content is not present here: fetch it with "datalad get" or "git annex get"'
    : 'put the file in place, or remove the link';
  return new ConcordError('unreadable-file', `cannot read ${path}: the link leads to nothing (${remedy})`, {
    where: { file: path },
  });
}
