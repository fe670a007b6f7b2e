import { open, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { unreadableFile } from '../files/read-file';
import { damagedPacking } from '../volumes/gunzipped';

/** The bytes of a file, and whether they were packed with gzip. */
export interface WholeFile {
  readonly bytes: Buffer;
  readonly packed: boolean;
}

/**
 * Reads a file whole, unpacked where it is packed with gzip.
 *
 * @throws ConcordError `unreadable-file`, `malformed-image`.
 */
export async function wholeFile(path: string): Promise<WholeFile> {
  const stored = await readFile(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  if (stored[0] !== 0x1f || stored[1] !== 0x8b) return { bytes: stored, packed: false };
  const bytes = await promisify(gunzip)(stored, { chunkSize: 1 << 20 }).catch((cause: unknown) => {
    throw damagedPacking(path, cause);
  });
  return { bytes, packed: true };
}

/**
 * Whether a file is packed with gzip, by its first bytes.
 *
 * @throws ConcordError `unreadable-file`.
 */
export async function isPacked(path: string): Promise<boolean> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  try {
    const magic = Buffer.alloc(2);
    await file.read(magic, 0, 2, 0);
    return magic[0] === 0x1f && magic[1] === 0x8b;
  } catch (cause) {
    throw unreadableFile(path, cause);
  } finally {
    await file.close();
  }
}

/** Writes a new file, packed as the one that it is like. The same bytes give the same file: no clock time is stored. */
export async function writeAsPacked(
  path: string,
  parts: readonly Uint8Array[],
  packed: boolean,
): Promise<void> {
  // The fastest level: for values that are noisy the others save a few percent in several times the time.
  const stored = packed
    ? [await promisify(gzip)(Buffer.concat(parts), { level: 1, chunkSize: 1 << 20 })]
    : parts;
  await writeFile(path, stored, { flag: 'wx' });
}
