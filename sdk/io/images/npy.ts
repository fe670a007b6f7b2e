import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { ConcordError } from '../../errors';
import { unreadableFile } from '../files/read-file';
import { unwritableFile } from '../files/write-file';

/** Bytes moved at a time: the operating system takes at most two gigabytes in one call. */
const chunk = 64 * 1024 * 1024;

const magic = '\u0093NUMPY';

/** The arrays kept in such files, and what NumPy calls their types. */
export type NpyArray = Float32Array | Uint8Array;

const descriptions = { float32: '<f4', uint8: '|u1' } as const;

/**
 * Writes an array in NumPy's format, version 1.0, which `numpy.load` opens.
 *
 * @param path - a new file
 * @param shape - sizes along the axes, the last one fastest
 * @throws ConcordError `unwritable-file`.
 */
export async function writeNpy(path: string, data: NpyArray, shape: readonly number[]): Promise<void> {
  const type = data instanceof Float32Array ? descriptions.float32 : descriptions.uint8;
  const header = npyHead(type, shape);
  const file = await open(path, 'wx').catch((cause: unknown) => {
    throw unwritableFile(path, cause);
  });
  try {
    await file.write(header);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at < bytes.length;) {
      at += (await file.write(bytes, at, Math.min(chunk, bytes.length - at))).bytesWritten;
    }
  } catch (cause) {
    throw unwritableFile(path, cause);
  } finally {
    await file.close();
  }
}

/**
 * What is before the numbers of an array in NumPy's format, version 1.0.
 *
 * @param type - what NumPy calls the type: `<f4`
 * @param shape - sizes along the axes, the last one fastest
 */
export function npyHead(type: string, shape: readonly number[]): Buffer {
  // One size alone needs a comma, by the rules of Python.
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // The data begin at a multiple of 64 bytes.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10 + length, ' ');
  header.write(magic, 'latin1');
  header.writeUInt16LE(0x0001, 6);
  header.writeUInt16LE(length, 8);
  header.write(`${text.padEnd(length - 1)}\n`, 10, 'latin1');
  return header;
}

/** An open file of one array. */
export interface OpenNpy {
  readonly file: FileHandle;
  /** Where the data begin, in bytes. */
  readonly start: number;
}

/**
 * Opens a file that {@link writeNpy} or NumPy wrote, and checks it. The caller closes it.
 *
 * @throws ConcordError `unreadable-file`; `malformed-image` when it is not such a file, of another type or shape, or
 * cut short.
 */
export async function openNpy(
  path: string,
  type: keyof typeof descriptions,
  shape: readonly number[],
): Promise<OpenNpy> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  try {
    const start = await readHeader(file, path, `${descriptions[type]} of ${shape.join(' × ')}`);
    const needed = start + shape.reduce((product, length) => product * length, type === 'float32' ? 4 : 1);
    const { size } = await file.stat();
    if (size !== needed) throw malformed(path, `it has ${size} bytes and needs ${needed}`);
    return { file, start };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Reads an array that {@link writeNpy} or NumPy wrote.
 *
 * @throws ConcordError `unreadable-file`; `malformed-image` when it is not such a file, of another type or shape, or
 * cut short.
 */
export async function readNpy(
  path: string,
  type: keyof typeof descriptions,
  shape: readonly number[],
): Promise<NpyArray> {
  const { file, start } = await openNpy(path, type, shape);
  try {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = type === 'float32' ? new Float32Array(count) : new Uint8Array(count);
    await readFully(file, new Uint8Array(data.buffer), start);
    return data;
  } finally {
    await file.close();
  }
}

/** Checks the header against what is expected; returns where the data begin. */
async function readHeader(file: FileHandle, path: string, expected: string): Promise<number> {
  const start = Buffer.alloc(12);
  await file.read(start, 0, 12, 0);
  if (start.toString('latin1', 0, 6) !== magic) throw malformed(path, 'it is not in the format of NumPy');
  const [at, length] = start[6] === 1 ? [10, start.readUInt16LE(8)] : [12, start.readUInt32LE(8)];
  if (length > 65_536) throw malformed(path, `its header claims ${length} bytes`);
  const header = Buffer.alloc(length);
  await file.read(header, 0, length, at);
  const text = header.toString('latin1');
  const [, type = ''] = /'descr': '([^']*)'/.exec(text) ?? [];
  const [, sizes = ''] = /'shape': \(([^)]*)\)/.exec(text) ?? [];
  const found = `${type} of ${sizes
    .split(',')
    .map((size) => size.trim())
    .filter(Boolean)
    .join(' × ')}`;
  if (!text.includes("'fortran_order': False")) throw malformed(path, 'its first axis is the fastest one');
  if (found !== expected) throw malformed(path, `it holds ${found}, not ${expected}`);
  return at + length;
}

/**
 * Fills `bytes` from a file, beginning at `start`.
 *
 * @returns whether the file had as many
 */
export async function readFully(file: FileHandle, bytes: Uint8Array, start: number): Promise<boolean> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, Math.min(chunk, bytes.length - at), start + at);
    if (bytesRead === 0) return false;
    at += bytesRead;
  }
  return true;
}

function malformed(path: string, what: string): ConcordError {
  return new ConcordError('malformed-image', `malformed array: ${path}: ${what}`, { where: { file: path } });
}
