import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { unreadableFile } from '../files/read-file';
import type { MapValues } from './map-format';

/** By what a file is known again: its size, when it was written, and what was read of it. */
export interface FileMark {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** 16 hexadecimal digits of the SHA-256 of its values. */
  readonly digest: string;
}

/**
 * Size and time of a file.
 *
 * @throws ConcordError `unreadable-file`.
 */
export async function fileTime(path: string): Promise<Omit<FileMark, 'digest'>> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  if (found.isDirectory()) throw unreadableFile(path, Object.assign(new Error('folder'), { code: 'EISDIR' }));
  return { bytes: found.size, modified: found.mtimeMs };
}

/** A digest of values, as they are in memory. */
export function valuesDigest(values: MapValues): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
