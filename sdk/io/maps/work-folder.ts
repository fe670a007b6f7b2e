import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../data/json';
import { isJsonObject } from '../../data/json';
import type { FolderLock } from '../files/folder-lock';
import { lockFolder } from '../files/folder-lock';
import { makeFolder } from '../files/make-folder';
import { thisProcess } from '../files/process-identity';
import { readJsonFile } from '../files/read-file';
import { isThere, unwritableFile, writeFileSafely } from '../files/write-file';

/** A folder of what is needed until a result is written: temporary files, and a journal of how far the work has come. */
export interface WorkFolder {
  path(name: string): string;
  /** What was noted under a name; `undefined` where nothing was, or where it is damaged. */
  read(name: string): Promise<JsonObject | undefined>;
  /** Notes something: the note is whole at any moment. */
  note(name: string, contents: JsonObject): Promise<void>;
  /** Frees it, to be continued later. */
  release(): Promise<void>;
  /** Removes it and all that is in it. */
  remove(): Promise<void>;
}

/**
 * Opens a work folder, or makes it, for one run at a time.
 *
 * @throws ConcordError `in-use`, `unwritable-file`.
 */
export async function openWorkFolder(folder: string): Promise<WorkFolder> {
  await makeFolder(folder);
  const lock: FolderLock = await lockFolder(folder);
  const path = (name: string): string => join(folder, name);
  return {
    path,
    async read(name) {
      if (!(await isThere(path(name)))) return undefined;
      const found = await readJsonFile(path(name)).catch(() => undefined);
      return isJsonObject(found) ? found : undefined;
    },
    note: (name, contents) => writeFileSafely(path(name), JSON.stringify(contents), { overwrite: true }),
    release: () => lock.release(),
    async remove() {
      await lock.release();
      await removeWorkFolder(folder);
    },
  };
}

/**
 * Removes a work folder.
 *
 * @throws ConcordError `unwritable-file`.
 */
async function removeWorkFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch((cause: unknown) => {
    throw unwritableFile(folder, cause);
  });
}

/** One start of this machine: what a process wrote and did not wait for is on the disk until that ends, even if it was killed. */
export async function thisStart(): Promise<string> {
  return (await thisProcess()).place;
}
