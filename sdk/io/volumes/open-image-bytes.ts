import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { ConcordError } from '../../errors';
import { fileSize, unreadableFile } from '../files/read-file';
import { gunzipped } from './gunzipped';
import type { ImageBytes } from './image-bytes';
import { imageError } from './image-error';

/** How much is read and unpacked at a time when voxels are wanted: with less, threads are switched too often. */
export const voxelChunk: number = 1 << 20;

/** How much is read at a time when only the header is wanted. */
export const headerChunk: number = 1 << 14;

/** Deflate packs at most 1032 bytes into one (RFC 1951: a match of 258 bytes in two bits). */
const utmostPacking = 1032;

/**
 * Opens an image file, packed with gzip or not.
 *
 * @param chunk - how many bytes to read at a time
 * @throws ConcordError `unreadable-file`; `malformed-image` when it is empty, or named .gz and not packed;
 * `missing-value` when no path is given.
 */
export async function openImageBytes(path: string, chunk: number): Promise<ImageBytes> {
  if (path === '') {
    throw new ConcordError('missing-value', 'missing file: no image is named (give its path)');
  }
  const size = await fileSize(path);
  if (size === 0) {
    throw imageError('malformed-image', path, `empty image: ${path} has no bytes (copy or make it again)`);
  }
  const handle = await open(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  try {
    const magic = await readAt(handle, { path, target: Buffer.alloc(2), start: 0 });
    // Packed files are known by their first bytes, not their name: a packed scan.nii is read all the same.
    if (magic.bytes[0] === 0x1f && magic.bytes[1] === 0x8b) {
      return gunzipped({ path, handle, chunk, most: size * utmostPacking });
    }
    if (/\.(gz|mgz)$/i.test(path)) throw notGzip(path);
    return plain(path, handle, size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function plain(path: string, handle: FileHandle, size: number): ImageBytes {
  return {
    path,
    most: size,
    async head(length) {
      const { bytes, count } = await readAt(handle, { path, target: Buffer.alloc(length), start: 0 });
      return Buffer.from(bytes.buffer, bytes.byteOffset, count);
    },
    fill: async (target, start) => (await readAt(handle, { path, target, start })).count,
    finish: () => Promise.resolve(),
    close: () => handle.close(),
  };
}

async function readAt(
  handle: FileHandle,
  wanted: { readonly path: string; readonly target: Uint8Array; readonly start: number },
): Promise<{ readonly bytes: Uint8Array; readonly count: number }> {
  const { path, target, start } = wanted;
  let count = 0;
  // One read returns at most 2 GiB, and may return less than there is.
  while (count < target.length) {
    const length = Math.min(target.length - count, 1 << 30);
    const { bytesRead } = await handle.read(target, count, length, start + count).catch((cause: unknown) => {
      throw unreadableFile(path, cause);
    });
    if (bytesRead === 0) break;
    count += bytesRead;
  }
  return { bytes: target, count };
}

function notGzip(path: string): ConcordError {
  return imageError(
    'malformed-image',
    path,
    `invalid gzip file: ${path} is named as if packed but is not a gzip file (rename it without .gz, or pack it)`,
  );
}
