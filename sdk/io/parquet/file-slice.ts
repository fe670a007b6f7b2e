import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { AsyncBuffer } from 'hyparquet';
import { unreadableFile } from '../files/read-file';
import { damagedParquet } from './damaged-parquet';

/** A file whose parts can be read, open until it is closed. */
export interface SlicedFile extends AsyncBuffer {
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  close(): Promise<void>;
}

/**
 * Opens a file to read parts of it.
 *
 * @param size - in bytes
 * @throws ConcordError `unreadable-file`; `malformed-table` from a part that is no longer there.
 */
export async function openSliced(path: string, size: number): Promise<SlicedFile> {
  const handle = await open(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  return {
    byteLength: size,
    slice: (start, end = size) => readPart(handle, path, { start, end: Math.min(end, size) }),
    close: () => handle.close(),
  };
}

async function readPart(
  handle: FileHandle,
  path: string,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<ArrayBuffer> {
  if (!(start >= 0 && end >= start))
    throw damagedParquet(path, `a part of it is said to end before it begins`);
  const bytes = new Uint8Array(end - start);
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle
      .read(bytes, at, bytes.length - at, start + at)
      .catch((cause: unknown) => {
        throw unreadableFile(path, cause);
      });
    if (bytesRead === 0) throw damagedParquet(path, 'it became shorter while it was read');
    at += bytesRead;
  }
  return bytes.buffer;
}
