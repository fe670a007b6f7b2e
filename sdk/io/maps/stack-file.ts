import { open, rename, rm } from 'node:fs/promises';
import { syncFile } from '../files/sync-file';
import { isThere, unwritableFile } from '../files/write-file';
import { floatBytes } from './float-bytes';
import { openStack } from './map-file';
import type { MapValues } from './map-format';
import { writeBytes } from './scratch-file';

/** A file of several maps that is written map by map, in any order. */
export interface StackFile {
  /** Writes the map at a place, from 0. */
  write(frame: number, values: MapValues): Promise<void>;
  /** Waits until all is on the disk, and closes it. */
  close(): Promise<void>;
}

/**
 * Makes a file of as many maps as another, of its format, with what its header says; or opens one that was made so.
 *
 * @param of.like - a stack
 * @param of.mode - `w` makes it anew, `r+` continues
 * @throws ConcordError `unwritable-file`, and those of reading the other.
 */
export async function openStackFile(
  path: string,
  { like, mode }: { readonly like: string; readonly mode: 'w' | 'r+' },
): Promise<StackFile> {
  const layout = await openStack(like);
  if (layout === undefined) throw new Error(`no stack: ${like}`);
  const { before, after, vertices, frames, width, littleEndian } = layout;
  const file = await open(path, mode).catch((cause: unknown) => {
    throw unwritableFile(path, cause);
  });
  const placeOf = (frame: number): number => before.length + frame * vertices * width;
  const write = (bytes: Uint8Array, start: number): Promise<void> => writeBytes(file, bytes, { start, path });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    try {
      await syncFile(file);
    } finally {
      await file.close();
    }
  };
  try {
    if (mode === 'w') {
      await write(before, 0);
      await write(after, placeOf(frames));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { write: (frame, values) => write(floatBytes(values, width, littleEndian), placeOf(frame)), close };
}

/**
 * Gives a stack whose maps are all written its name, unless it has it already.
 *
 * @throws ConcordError `unwritable-file`.
 */
export async function nameStack(unfinished: string, path: string): Promise<void> {
  if (!(await isThere(unfinished))) return;
  await rename(unfinished, path).catch((cause: unknown) => {
    throw unwritableFile(path, cause);
  });
}

/** Removes a stack that was not finished, if there is one. */
export async function removeStack(unfinished: string): Promise<void> {
  await rm(unfinished, { force: true });
}
