import { makeFolder } from '../io/make-folder';

/**
 * Does work whose results go into a folder: made before, so that a bad place is found at once, and taken away again
 * where the work fails and leaves it empty.
 *
 * @throws ConcordError `unwritable-file`, and what the work throws.
 */
export async function inFolder(path: string, work: () => Promise<void>): Promise<void> {
  const unmake = await makeFolder(path);
  try {
    await work();
  } catch (error) {
    await unmake();
    throw error;
  }
}
