import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { unreadableFile } from '../files/read-file';
import type { MapNotes } from '../volumes/surfaces/surface-map';
import type { MapValues } from './map-format';

/** By what a file is known again: its size, when it was written, and what was read of it. */
export interface FileMark {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** 16 hexadecimal digits of the SHA-256 of its values. */
  readonly digest: string;
  /** How many of its values are neither 0 nor missing. */
  readonly held: number;
  /** The mean of these; 0 where there is none. */
  readonly mean: number;
  /** What the file says of them, where it says something. */
  readonly notes?: MapNotes;
}

/**
 * Size and time of a file.
 *
 * @throws ConcordError `unreadable-file`.
 */
export async function fileTime(path: string): Promise<Pick<FileMark, 'bytes' | 'modified'>> {
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

/** How many values are neither 0 nor missing, and their mean. */
export function summaryOf(values: MapValues): Pick<FileMark, 'held' | 'mean'> {
  let held = 0;
  let sum = 0;
  for (const value of values) {
    if (value === 0 || Number.isNaN(value)) continue;
    held++;
    sum += value;
  }
  return { held, mean: held === 0 ? 0 : sum / held };
}
