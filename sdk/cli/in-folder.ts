import { ConcordError } from '../errors';
import { makeFolder, removedFolder } from '../io/files/make-folder';
import { isThere } from '../io/files/write-file';

/**
 * Does work whose results go into a folder, which is made before, so that a bad place is found at once, and removed again
 * where the work fails and leaves it empty.
 *
 * @throws ConcordError `unwritable-file`, and what the work throws.
 */
export async function inFolder<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const unmake = await makeFolder(path);
  try {
    return await work();
  } catch (error) {
    if (await wasRemoved(path, error)) throw removedFolder(path, error);
    await unmake();
    throw error;
  }
}

/** Whether writing failed because the folder, which was there when the work began, is no longer there. */
async function wasRemoved(path: string, error: unknown): Promise<boolean> {
  if (!(error instanceof ConcordError) || error.code !== 'unwritable-file') return false;
  return !(await isThere(path));
}
