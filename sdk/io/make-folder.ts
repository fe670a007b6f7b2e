import { mkdir, mkdtemp, realpath, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unwritableFile } from './write-file';

/**
 * Makes a folder, and those above it, unless it is there; and checks that files can be written into it, so that long
 * work is not done for a place that takes none.
 *
 * @returns what to call when the work fails: it removes the folders that were made here, those that are empty
 * @throws ConcordError `unwritable-file` when it cannot be made or written, or a file of that name is there.
 */
export async function makeFolder(path: string): Promise<() => Promise<void>> {
  const first = await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw unwritableFile(path, cause);
  });
  const unmake = async (): Promise<void> => {
    if (first !== undefined) await removeEmpty(await realpath(path), await realpath(first));
  };
  try {
    // Permission bits do not tell everything (read-only mounts, network folders): only trying does.
    await rmdir(await mkdtemp(join(path, '.concord-')));
  } catch (cause) {
    await unmake();
    throw unwritableFile(path, cause);
  }
  return unmake;
}

/** Removes a folder and those above it up to `last`, stopping at the first that is not empty. */
async function removeEmpty(path: string, last: string): Promise<void> {
  const removed = await rmdir(path).then(
    () => true,
    () => false,
  );
  if (removed && path !== last) await removeEmpty(dirname(path), last);
}
