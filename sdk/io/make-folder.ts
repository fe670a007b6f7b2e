import { mkdir, mkdtemp, readdir, realpath, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isThere, unwritableFile } from './write-file';

/**
 * Makes a folder, and those above it, unless it is there; and checks that files can be written into it, so that long
 * work is not done for a place that takes none.
 *
 * @returns what to call when the work fails: it removes the folders that were made here, those that are empty
 * @throws ConcordError `unwritable-file` when it cannot be made or written, or a file of that name is there.
 */
export async function makeFolder(path: string): Promise<() => Promise<void>> {
  const first = await mkdir(path, { recursive: true }).catch(async (cause: unknown) => {
    throw unwritableFile(path, await realCause(path, cause));
  });
  const unmake = async (): Promise<void> => {
    if (first !== undefined) await removeEmpty(await realpath(path), await realpath(first));
  };
  try {
    // Permission bits do not tell everything (read-only mounts, network folders): only trying does.
    await removeLeftProbes(path);
    await rmdir(await mkdtemp(join(path, '.concord-')));
  } catch (cause) {
    await unmake();
    throw unwritableFile(path, cause);
  }
  return unmake;
}

/** On a disk that is read-only, making several folders at once fails because they are missing; making one says why. */
async function realCause(path: string, cause: unknown): Promise<unknown> {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) return cause;
  let first = resolve(path);
  while (dirname(first) !== first && !(await isThere(dirname(first)))) first = dirname(first);
  return mkdir(first).then(
    () => rmdir(first).then(() => cause),
    (said: unknown) => said,
  );
}

/** Removes the empty folders of those who tried and were killed at it. */
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
