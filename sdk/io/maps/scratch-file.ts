import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { unreadableFile } from '../files/read-file';
import { unwritableFile } from '../files/write-file';
import { readFully } from '../images/npy';
import { bytesOf } from '../networks/safetensors';
import type { MapValues } from './map-format';

/** How the values of all scans are laid out in a temporary file. */
export interface ScratchShape {
  readonly scans: number;
  readonly vertices: number;
  /** Vertices of a block: the last one may have fewer. */
  readonly block: number;
  readonly type: 'float32' | 'float64';
}

/**
 * The maps of all scans, turned round: block after block of vertices, each a table of scans × vertices of the block, row-major.
 * A block, and a few scans of a block, are in one piece.
 */
export interface ScratchFile {
  readonly blocks: number;
  /** The first vertex of a block, and how many it has. */
  range(block: number): { readonly first: number; readonly width: number };
  /** Writes the maps of some scans, one after the other. */
  writeScans(first: number, maps: readonly MapValues[]): Promise<void>;
  /** Reads some scans of a block into `target`, which is of the file's type, and returns the part that was filled. */
  readBlock(block: number, scans: { readonly first: number; readonly count: number }): Promise<MapValues>;
  close(): Promise<void>;
}

/**
 * Opens a temporary file of maps, or makes it.
 *
 * @throws ConcordError `unwritable-file`, `unreadable-file`.
 */
export async function openScratch(path: string, shape: ScratchShape, isNew: boolean): Promise<ScratchFile> {
  const file = await open(path, isNew ? 'w+' : 'r+').catch((cause: unknown) => {
    throw unwritableFile(path, cause);
  });
  const { scans, vertices, block } = shape;
  const width = shape.type === 'float32' ? 4 : 8;
  const make = (length: number): MapValues =>
    width === 4 ? new Float32Array(length) : new Float64Array(length);
  // One of each is in use at a time, and is used again: what is made anew for each block stays in memory too long.
  let writing = make(0);
  let reading = make(0);
  const range = (at: number): { readonly first: number; readonly width: number } => ({
    first: at * block,
    width: Math.min(block, vertices - at * block),
  });
  const placeOf = (at: number, scan: number): number => {
    const { first, width: own } = range(at);
    return (first * scans + scan * own) * width;
  };
  const blocks = Math.ceil(vertices / block);
  return {
    blocks,
    range,
    async writeScans(first, maps) {
      for (let at = 0; at < blocks; at++) {
        const { first: from, width: own } = range(at);
        if (writing.length < maps.length * own) writing = make(maps.length * own);
        maps.forEach((map, row) => writing.set(map.subarray(from, from + own), row * own));
        await writeNumbers(file, writing.subarray(0, maps.length * own), placeOf(at, first), path);
      }
    },
    async readBlock(at, { first, count }) {
      const length = count * range(at).width;
      if (reading.length < length) reading = make(length);
      const part = reading.subarray(0, length);
      await readNumbers(file, part, placeOf(at, first), path);
      return part;
    },
    close: () => file.close(),
  };
}

/** Writes numbers as they are in memory. */
export async function writeNumbers(
  file: FileHandle,
  part: MapValues,
  start: number,
  path: string,
): Promise<void> {
  await writeBytes(file, bytesOf(part), { start, path });
}

/** Writes bytes at a place. */
export async function writeBytes(
  file: FileHandle,
  bytes: Uint8Array,
  { start, path }: { readonly start: number; readonly path: string },
): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;)
      at += (await file.write(bytes, at, bytes.length - at, start + at)).bytesWritten;
  } catch (cause) {
    throw unwritableFile(path, cause);
  }
}

/** Reads numbers as they were in memory. */
export async function readNumbers(
  file: FileHandle,
  part: MapValues,
  start: number,
  path: string,
): Promise<void> {
  const whole = await readFully(file, bytesOf(part), start).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  if (!whole) throw unreadableFile(path, new Error('it is shorter than it was written'));
}
