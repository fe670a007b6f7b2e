import { open } from 'node:fs/promises';
import { syncFile } from '../files/sync-file';
import { fileSize, unreadableFile } from '../files/read-file';
import { unwritableFile } from '../files/write-file';
import { malformedWeights, quoted } from '../networks/malformed-weights';
import { decodeHeader, decodeHeaderLength, encodeShapes, lengthBytes } from '../networks/safetensors-header';
import { readNumbers, writeNumbers } from './scratch-file';

/** Arrays of 64-bit floats in one safetensors file, read and written in pieces, in any order. */
export interface DoublesFile {
  /** Writes numbers into an array, from its number `at` on. */
  write(name: string, at: number, numbers: Float64Array): Promise<void>;
  /** Reads `count` numbers of an array from its number `at` on. */
  read(name: string, at: number, count: number): Promise<Float64Array>;
  /** Waits until all is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes a file of arrays of these shapes, all 0.
 *
 * @throws ConcordError `unwritable-file`.
 */
export async function makeDoubles(
  path: string,
  shapes: ReadonlyMap<string, readonly number[]>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const arrays = [...shapes].map(([name, shape]) => ({ name, shape, dtype: 'F64' }) as const);
  const header = encodeShapes(arrays, metadata);
  const bytes = arrays.reduce(
    (sum, { shape }) => sum + shape.reduce((n, size) => n * size, 8),
    header.length,
  );
  const file = await open(path, 'w').catch((cause: unknown) => {
    throw unwritableFile(path, cause);
  });
  try {
    await file.write(header);
    await file.truncate(bytes);
  } catch (cause) {
    throw unwritableFile(path, cause);
  } finally {
    await file.close();
  }
}

/**
 * Opens such a file, to be read or to be written too.
 *
 * @throws ConcordError `unreadable-file`, `unwritable-file`; `malformed-model` when it is not such a file, or of other arrays.
 */
export async function openDoubles(
  path: string,
  shapes: ReadonlyMap<string, readonly number[]>,
  mode: 'r' | 'r+',
): Promise<DoublesFile> {
  const size = await fileSize(path);
  const file = await open(path, mode).catch((cause: unknown) => {
    throw mode === 'r' ? unreadableFile(path, cause) : unwritableFile(path, cause);
  });
  try {
    const head = new Uint8Array(Math.min(lengthBytes, size));
    await file.read(head, 0, head.length, 0);
    const length = decodeHeaderLength(head, size, path);
    const header = new Uint8Array(length);
    await file.read(header, 0, length, lengthBytes);
    const start = lengthBytes + length;
    const { entries } = decodeHeader(header, size - start, path);
    const places = new Map(entries.map(({ name, begin }) => [name, start + begin]));
    for (const [name, shape] of shapes) {
      const found = entries.find((entry) => entry.name === name);
      if (found?.dtype === 'F64' && found.shape.join() === shape.join()) continue;
      throw malformedWeights(path, `it has no array ${quoted(name)} of ${shape.join(' × ')} 64-bit floats`);
    }
    const placeOf = (name: string, at: number): number => (places.get(name) ?? NaN) + 8 * at;
    return {
      write: (name, at, numbers) => writeNumbers(file, numbers, placeOf(name, at), path),
      async read(name, at, count) {
        const numbers = new Float64Array(count);
        await readNumbers(file, numbers, placeOf(name, at), path);
        return numbers;
      },
      sync: () => syncFile(file),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
