import { mkdir, rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ConcordError } from '../../errors';
import { hasEnded, temporaryId } from '../files/temporary-names';
import { isThere, requireAbsent, unwritableFile } from '../files/write-file';
import { entriesOf, removeFolderOf, secondsUntouched, syncFolder } from './folder-entries';

/** Options of {@link putFolder}. */
export interface PutFolderOptions {
  /** The files that such a folder holds; nothing else is ever removed. */
  readonly files: readonly string[];
  /** Whether a folder that is there makes way. */
  readonly replaces: boolean;
}

/** A folder that was left beside its place: a new one not yet in it, or an old one that had stepped aside. */
interface Leftover {
  readonly path: string;
  /** What the new and the old one of one replacement share. */
  readonly id: string;
  readonly ending: Ending;
}

type Ending = 'tmp' | 'old';

/** How long a folder under a temporary name must be untouched before it is taken for a dead program's. */
const deadAfterSeconds = 3600;

/**
 * Lets `fill` fill a folder under a temporary name, then puts it in place, whole or not at all. A folder that is there
 * steps aside when the new one is complete, and is removed when that one is in place; {@link mendFolder} completes what
 * was interrupted.
 *
 * @throws ConcordError `unwritable-file`; `file-exists`; what `fill` throws.
 */
export async function putFolder(
  folder: string,
  fill: (temporary: string) => Promise<void>,
  { files, replaces }: PutFolderOptions,
): Promise<void> {
  const id = await temporaryId();
  const temporary = besides(folder, id, 'tmp');
  const aside = besides(folder, id, 'old');
  try {
    await mkdir(temporary);
    await fill(temporary);
    await syncFolder(temporary);
    if (replaces) await rename(folder, aside);
    try {
      await rename(temporary, folder);
    } catch (cause) {
      if (replaces) await rename(aside, folder);
      else await requireAbsent(folder);
      throw cause;
    }
    await syncFolder(dirname(resolve(folder)));
  } catch (cause) {
    throw unwritableFolder(folder, cause);
  } finally {
    await removeFolderOf(temporary, files);
  }
  if (replaces) await removeFolderOf(aside, files);
}

/** What to throw when a folder cannot be filled: an error that names it, not the temporary name that it had. */
export function unwritableFolder(folder: string, cause: unknown): ConcordError {
  if (!(cause instanceof ConcordError)) return unwritableFile(folder, cause);
  return cause.code === 'unwritable-file' ? unwritableFile(folder, cause.cause) : cause;
}

/**
 * Completes the work of a program that died while it replaced a folder: puts the new one in its place, or the old one
 * back where the new one is gone. Does nothing when nothing was left.
 */
export async function mendFolder(folder: string): Promise<void> {
  const stranded = async (): Promise<readonly Leftover[]> =>
    (await isThere(folder)) ? [] : (await leftovers(folder)).filter(({ ending }) => ending === 'old');
  if ((await stranded()).length === 0) return;
  // Another program may be just about to do it itself.
  await wait(250);
  for (const { path, id } of (await stranded()).slice(0, 1)) {
    // The old one had stepped aside only when the new one was complete.
    const complete = besides(folder, id, 'tmp');
    await rename((await isThere(complete)) ? complete : path, folder);
  }
}

/**
 * Removes what programs that died while they made or replaced a folder left beside it, once it is whole.
 *
 * @param files - the files that such a folder holds
 */
export async function removeLeftovers(folder: string, files: readonly string[]): Promise<void> {
  const all = await leftovers(folder);
  for (const { path, id, ending } of all) {
    const paired = all.some((other) => other.id === id && other.ending !== ending);
    const replaced = ending === 'old' && !paired;
    const ended = await hasEnded(id);
    const silent = async (): Promise<boolean> =>
      (await secondsUntouched(path).catch(() => 0)) > deadAfterSeconds;
    if (replaced || ended === true || (ended === undefined && (await silent()))) {
      await removeFolderOf(path, files);
    }
  }
}

function besides(folder: string, id: string, ending: Ending): string {
  const full = resolve(folder);
  return join(dirname(full), `.${basename(full)}.${id}.${ending}`);
}

async function leftovers(folder: string): Promise<readonly Leftover[]> {
  const full = resolve(folder);
  const start = `.${basename(full)}.`;
  const names = (await entriesOf(dirname(full)).catch(() => undefined)) ?? [];
  return names.flatMap((name): readonly Leftover[] => {
    if (!name.startsWith(start)) return [];
    const [, id, ending] = /^([0-9a-f-]{36})\.(tmp|old)$/.exec(name.slice(start.length)) ?? [];
    if (ending !== 'tmp' && ending !== 'old') return [];
    return [{ path: join(dirname(full), name), id, ending }];
  });
}
