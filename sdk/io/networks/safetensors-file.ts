import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import { fileSize, unreadableFile } from '../files/read-file';
import { unwritableFile } from '../files/write-file';
import { malformedWeights, quoted } from './malformed-weights';
import type { Safetensors } from './safetensors';
import { allocateArray, allocateDoubles, bytesOf } from './safetensors';
import type { ArrayTable, SafetensorsEntry } from './safetensors-header';
import { decodeHeader, decodeHeaderLength, encodeHeader, lengthBytes } from './safetensors-header';
import { bytesPerNumber, numbersToFloat32 } from './safetensors-numbers';
import { syncFile } from '../files/sync-file';

/** Bytes moved at a time: the system takes at most two gigabytes in one call. A multiple of the size of every number. */
const piece = 32 * 1024 * 1024;

/** What a file can be recognized by. */
export interface FileSeal {
  readonly bytes: number;
  /** SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Writes arrays into a new safetensors file, piece by piece, and waits until they are on the disk.
 *
 * @throws ConcordError `unwritable-file`; `invalid-option` as `encodeSafetensors`.
 */
export async function writeSafetensors(
  path: string,
  table: ArrayTable,
  metadata: Readonly<Record<string, string>> = {},
): Promise<FileSeal> {
  const header = encodeHeader(table, metadata);
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx').catch((cause: unknown) => {
    throw unwritableFile(path, cause);
  });
  try {
    for (const part of [header, ...[...table.values()].map(({ data }) => bytesOf(data))]) {
      await append(file, part, hash);
      bytes += part.length;
    }
    await syncFile(file);
  } catch (cause) {
    throw unwritableFile(path, cause);
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function append(file: FileHandle, part: Uint8Array, hash: Hash): Promise<void> {
  for (let at = 0; at < part.length; at += piece) {
    const bytes = part.subarray(at, at + piece);
    const written = writeWhole(file, bytes);
    // While the disk takes it.
    hash.update(bytes);
    await written;
  }
}

async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}

/**
 * Reads a safetensors file piece by piece; what it claims is checked against its size before room is made for it.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model`, `unsupported-format` as `decodeSafetensors`.
 */
export async function readSafetensors(path: string): Promise<Safetensors & { readonly seal: FileSeal }> {
  const table = new Map<string, WeightArray>();
  const rounded: string[] = [];
  const { metadata, seal } = await readEntries(path, async (entry, read) => {
    const { data, exact } = await readArray(entry, path, read);
    table.set(entry.name, { shape: entry.shape, data });
    if (!exact) rounded.push(entry.name);
  });
  return { table, metadata, rounded, seal };
}

/** Arrays of float64, by name. */
export type DoubleTable = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float64Array }
>;

/**
 * Reads a safetensors file whose arrays are float64, all of them: the same bits.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model`.
 */
export async function readDoubles(
  path: string,
): Promise<{ readonly table: DoubleTable; readonly seal: FileSeal }> {
  const table = new Map<string, { readonly shape: readonly number[]; readonly data: Float64Array }>();
  const { seal } = await readEntries(path, async (entry, read) => {
    if (entry.dtype !== 'F64')
      throw malformedWeights(path, `${quoted(entry.name)} is ${entry.dtype}, not F64`);
    const data = allocateDoubles(entry, path);
    const bytes = bytesOf(data);
    for (let at = 0; at < bytes.length; at += piece) {
      await read(bytes.subarray(at, at + piece), entry.begin + at);
    }
    table.set(entry.name, { shape: entry.shape, data });
  });
  return { table, seal };
}

/** Reads bytes that begin at `at` of the data. */
type ReadBytes = (target: Uint8Array, at: number) => Promise<Uint8Array>;

/** Reads a file through: everything once and in order, so that the digest is made on the way. */
async function readEntries(
  path: string,
  take: (entry: SafetensorsEntry, read: ReadBytes) => Promise<void>,
): Promise<{ readonly metadata: Readonly<Record<string, string>>; readonly seal: FileSeal }> {
  const size = await fileSize(path);
  const handle = await open(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  try {
    const hash = createHash('sha256');
    const read = async (target: Uint8Array, from: number): Promise<Uint8Array> => {
      await fill(handle, target, from, path);
      hash.update(target);
      return target;
    };
    const length = decodeHeaderLength(await read(new Uint8Array(Math.min(lengthBytes, size)), 0), size, path);
    const start = lengthBytes + length;
    const header = await read(new Uint8Array(length), lengthBytes);
    const { entries, metadata } = decodeHeader(header, size - start, path);
    for (const entry of entries) await take(entry, (target, at) => read(target, start + at));
    return { metadata, seal: { bytes: size, sha256: hash.digest('hex') } };
  } catch (cause) {
    throw cause instanceof ConcordError ? cause : unreadableFile(path, cause);
  } finally {
    await handle.close();
  }
}

/** Fills an array with numbers that begin at `from` in the file. */
async function readArray(
  entry: SafetensorsEntry,
  file: string,
  read: ReadBytes,
): Promise<{ readonly data: Float32Array; readonly exact: boolean }> {
  const data = allocateArray(entry, file);
  const width = bytesPerNumber(entry.dtype) ?? 1;
  const perPiece = piece / width;
  let exact = true;
  for (let at = 0; at < data.length; at += perPiece) {
    const target = data.subarray(at, at + perPiece);
    const from = entry.begin + at * width;
    if (entry.dtype === 'F32') await read(bytesOf(target), from);
    else {
      const stored = await read(new Uint8Array(target.length * width), from);
      exact = numbersToFloat32(stored, target, { file, ...entry }) && exact;
    }
  }
  return { data, exact };
}

async function fill(handle: FileHandle, target: Uint8Array, from: number, path: string): Promise<void> {
  for (let at = 0; at < target.length;) {
    const { bytesRead } = await handle.read(target, at, target.length - at, from + at);
    if (bytesRead === 0) throw malformedWeights(path, 'it became shorter while it was read');
    at += bytesRead;
  }
}
