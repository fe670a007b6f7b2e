import { dirname } from 'node:path';
import { ConcordError } from '../../errors';
import { makeFolder } from '../../io/files/make-folder';
import { removeLeftFiles, temporaryBeside } from '../../io/files/temporary-names';
import { isThere } from '../../io/files/write-file';
import type { MapValues } from '../../io/maps/map-format';
import type { StackFile } from '../../io/maps/stack-file';
import { nameStack, openStackFile, removeStack } from '../../io/maps/stack-file';
import { advise, option } from '../../remedy';
import type { ScanFiles } from '../maps-run';

/** The stacks that harmonized maps are written into. */
export interface StackWriters {
  /** Writes one map of the stack that will be at `path`. */
  write(path: string, frame: number, values: MapValues): Promise<void>;
  /** Waits until all is on the disk, and closes them; they have their names by {@link nameStacks}. */
  close(): Promise<void>;
}

/** A stack of all scans, and where its harmonized form goes. */
interface StackPlace {
  readonly from: string;
  readonly to: string;
}

/** The stacks among the files of scans. */
function stackPlaces(scans: readonly ScanFiles[]): readonly StackPlace[] {
  return scans
    .slice(0, 1)
    .flatMap(({ from, to, frames }) =>
      from.flatMap((file, k) => (frames[k] === undefined ? [] : [{ from: file, to: to[k] }])),
    );
}

/**
 * Makes stacks that are like those of the scans, or opens those that a run which was stopped had begun.
 *
 * @param of.unfinished - the name of a stack until all of its maps are written
 * @throws ConcordError `unreadable-file` for one that is to be continued and is not there; `unwritable-file`.
 */
export async function openStacks(
  scans: readonly ScanFiles[],
  {
    unfinished,
    continues = false,
  }: { readonly unfinished: (path: string) => string; readonly continues?: boolean },
): Promise<StackWriters> {
  const files = new Map<string, StackFile>();
  const close = async (): Promise<void> => {
    for (const file of files.values()) await file.close();
  };
  try {
    for (const { from, to } of stackPlaces(scans)) {
      const path = unfinished(to);
      await makeFolder(dirname(to));
      if (continues && !(await isThere(path))) throw lostStack(path);
      files.set(to, await openStackFile(path, { like: from, mode: continues ? 'r+' : 'w' }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async write(path, frame, values) {
      await files.get(path)?.write(frame, values);
    },
    close,
  };
}

/** Gives stacks whose maps are all written their names, unless they have them already. */
export async function nameStacks(
  scans: readonly ScanFiles[],
  unfinished: (path: string) => string,
): Promise<void> {
  for (const { to } of stackPlaces(scans)) {
    await nameStack(unfinished(to), to);
  }
}

/**
 * Makes stacks that are like those of the scans, under temporary names until `work` has written all of their maps. Of work that fails
 * nothing is left.
 */
export async function inNewStacks(
  scans: readonly ScanFiles[],
  work: (stacks: StackWriters) => Promise<void>,
): Promise<void> {
  const names = new Map<string, string>();
  const unfinished = (path: string): string => names.get(path) ?? path;
  for (const { to } of stackPlaces(scans)) {
    await removeLeftFiles(to);
    names.set(to, await temporaryBeside(to));
  }
  try {
    const stacks = await openStacks(scans, { unfinished });
    try {
      await work(stacks);
    } finally {
      await stacks.close();
    }
    await nameStacks(scans, unfinished);
  } finally {
    for (const path of names.values()) await removeStack(path);
  }
}

function lostStack(path: string): ConcordError {
  return new ConcordError(
    'unreadable-file',
    `missing stack: ${path}, with the maps that the run that was stopped had written, is not there`,
    { where: { file: path }, remedy: advise`put it back, or begin anew with ${option('overwrite', true)}` },
  );
}
