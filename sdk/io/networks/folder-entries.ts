import { open, readdir, stat, unlink, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unreadableFile } from '../files/read-file';
import { syncFile } from '../files/sync-file';

/** What file managers leave behind in folders that people look into. */
const litter = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/**
 * What is in a folder, without what file managers leave behind; `undefined` when there is no such folder.
 *
 * @throws ConcordError `unreadable-file`.
 */
export async function entriesOf(folder: string): Promise<readonly string[] | undefined> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw unreadableFile(folder, cause);
  });
  return names?.filter((name) => !litter.has(name)).sort();
}

/**
 * Removes a folder that holds these files and no others: whatever else is there keeps it from being removed.
 *
 * @returns whether it is gone
 */
export async function removeFolderOf(folder: string, files: readonly string[]): Promise<boolean> {
  for (const name of [...files, ...litter]) await unlink(join(folder, name)).catch(() => undefined);
  return rmdir(folder).then(
    () => true,
    (cause: NodeJS.ErrnoException) => cause.code === 'ENOENT',
  );
}

/** Seconds since anything in a folder was last written, by the clock of this machine. */
export async function secondsUntouched(folder: string): Promise<number> {
  const paths = [folder, ...((await entriesOf(folder)) ?? []).map((name) => join(folder, name))];
  const times = await Promise.all(paths.map((path) => stat(path).then((found) => found.mtimeMs)));
  return (Date.now() - Math.max(...times)) / 1000;
}

/** Waits until the names in a folder are on the disk. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await syncFile(handle);
  } catch (cause) {
    // Some network file systems do not know how.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(String((cause as NodeJS.ErrnoException).code))) throw cause;
  } finally {
    await handle.close();
  }
}
