import { mkdir, mkdtemp, readdir, realpath, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConcordError } from '../../errors';
import { isThere, unwritableFile } from './write-file';

/**
 * Makes a folder, and those above it, unless it is there; and checks that files can be written into it, so that long
 * work is not done for a place that takes none.
 *
 * @returns what to call when the work fails: it removes the folders that were made here, those that are empty
 * @throws ConcordError `unwritable-file` when it cannot be made or written, is removed by others, or a file of that name
 * is there.
 */
export async function makeFolder(path: string): Promise<() => Promise<void>> {
  const first = await makeMissing(resolve(path)).catch((cause: unknown) => {
    throw hasCode(cause, 'ENOENT') ? takesNoFolders(path, cause) : unwritableFile(path, cause);
  });
  // It tidies up after another failure, which is the one to be reported: its own are ignored.
  const unmake = async (): Promise<void> => {
    if (first === undefined) return;
    const last = await realpath(first).catch(() => undefined);
    const made = await realpath(path).catch(() => undefined);
    if (last !== undefined && made !== undefined) await removeEmpty(made, last);
  };
  try {
    // Permission bits do not say everything (read-only mounts, network folders): only trying does.
    await removeLeftProbes(path);
    await rmdir(await mkdtemp(join(path, '.concord-')));
  } catch (cause) {
    await unmake();
    throw hasCode(cause, 'ENOENT') ? removedFolder(path, cause) : unwritableFile(path, cause);
  }
  return unmake;
}

/** The error for a folder that was there, and was removed by another process before all was written into it. */
export function removedFolder(path: string, cause: unknown): ConcordError {
  return new ConcordError(
    'unwritable-file',
    `cannot write ${path}: the folder was removed during the work (leave it in place, and run again)`,
    { where: { file: path }, cause },
  );
}

/**
 * Makes a folder and those above it, and returns the first that was made. One by one, though Node can make several at once:
 * in a place such as /proc, which says of what it will not make that it is missing, Node's own way never ends; and on a
 * disk that is read-only it does not say why it fails.
 */
async function makeMissing(path: string): Promise<string | undefined> {
  if (await isFolder(path)) return undefined;
  const above = (await isThere(dirname(path))) ? undefined : await makeMissing(dirname(path));
  try {
    await mkdir(path);
  } catch (cause) {
    // Another run may have made it in the meantime.
    if (await isFolder(path)) return above;
    if (above !== undefined) await removeEmpty(dirname(path), above);
    throw cause;
  }
  return above ?? path;
}

/** What is above was there or was made, and yet the system says that it is missing: it keeps no folders of ours. */
function takesNoFolders(path: string, cause: unknown): ConcordError {
  return new ConcordError(
    'unwritable-file',
    `cannot write ${path}: no folder can be made there (choose another place)`,
    { where: { file: path }, cause },
  );
}

function hasCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}

/** Whether there is a folder at `path`. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Removes the empty folders of runs that were killed while they tried. */
async function removeLeftProbes(path: string): Promise<void> {
  for (const name of await readdir(path).catch(() => [])) {
    if (!/^\.concord-[A-Za-z0-9]{6}$/.test(name)) continue;
    const found = await stat(join(path, name)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > 60_000)
      await rmdir(join(path, name)).catch(() => undefined);
  }
}

/** Removes a folder and those above it up to `last`, stopping at the first that is not empty. */
async function removeEmpty(path: string, last: string): Promise<void> {
  const removed = await rmdir(path).then(
    () => true,
    () => false,
  );
  if (removed && path !== last) await removeEmpty(dirname(path), last);
}
