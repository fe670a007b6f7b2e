import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Issue } from '../../data/issue';
import type { NamedScan } from '../../data/images/copied-scans';
import { rowsAlike } from '../../data/group-by';
import { copiedScans } from '../../data/images/copied-scans';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { fileDigest } from '../files/file-digest';
import { voxelsPath } from './read-frame';

/** A scan by the file that it is read from. */
export interface ScanInFile extends NamedScan {
  readonly file: string;
}

/** How many files are looked at side by side: most of the time is spent waiting for the disk. */
const together = 8;
/** Pieces of a file that are compared before all of it is, spread evenly from its start to its end. */
const pieces = 16;
const pieceBytes = 4096;
/** What is no longer than the header of NIfTI-2 holds no voxels. */
const headerBytes = 544;

/**
 * Warns of scans whose files hold the same: one scan under two names, or packed twice. A thousand files cost a few bytes each:
 * those of gzip end with the length and the CRC-32 of what is packed (RFC 1952), others have their size and, where that is the
 * same, as it is of all scans of one grid, a few pieces. Only what agrees in these is read and compared as a whole.
 *
 * A file that cannot be read is nobody's like: that is said of it when it is opened. Of the same voxels in a packed and in an
 * unpacked file, or under another header, nothing is known here.
 *
 * @throws ConcordError `aborted`.
 */
export async function copiedFiles(
  scans: readonly ScanInFile[],
  { signal }: RunOptions = {},
): Promise<readonly Issue[]> {
  const looks = [shortMark, sampleMark, contentMark];
  let alike: readonly (readonly number[])[] = [[...scans.keys()]];
  for (const look of looks) {
    const rows = alike.flat();
    const marks = new Map<number, string | undefined>();
    for (let from = 0; from < rows.length; from += together) {
      await breathe(signal);
      const group = rows.slice(from, from + together);
      const found = await Promise.all(
        group.map((row) => look(pathOfVoxels(scans[row])).catch(() => undefined)),
      );
      group.forEach((row, at) => marks.set(row, found[at]));
    }
    alike = alike.flatMap((group) => rowsAlike(group, (row) => marks.get(row)));
    if (alike.length === 0) return [];
  }
  return copiedScans(alike.map((rows) => rows.map((row) => scans[row])));
}

/** Of a pair, the file with the voxels: headers of one grid are all alike. */
function pathOfVoxels({ file }: ScanInFile): string {
  return /\.hdr(\.gz)?$/i.test(file) ? voxelsPath(file) : file;
}

/** What can be known of a file from a few of its bytes; nothing where it holds no image. */
async function shortMark(path: string): Promise<string | undefined> {
  return withHandle(path, async (handle) => {
    const { size } = await handle.stat();
    const packed = await packedMark(handle, size);
    return packed ?? (size > headerBytes ? `${size} bytes` : undefined);
  });
}

/** The length and the checksum that a gzip file ends with; nothing of other files, and where the last of several parts is empty. */
async function packedMark(handle: FileHandle, size: number): Promise<string | undefined> {
  if (size < 18) return undefined;
  const [start, end] = [await bytesAt(handle, 0, 2), await bytesAt(handle, size - 8, 8)];
  if (start[0] !== 0x1f || start[1] !== 0x8b || end.readUInt32LE(4) === 0) return undefined;
  return `gzip ${end.toString('hex')}`;
}

/** A digest of some pieces of a file; of a packed one what it ends with says as much. */
async function sampleMark(path: string): Promise<string | undefined> {
  return withHandle(path, async (handle) => {
    const { size } = await handle.stat();
    const packed = await packedMark(handle, size);
    if (packed !== undefined) return packed;
    const hash = createHash('sha256');
    for (let piece = 0; piece < pieces; piece++) {
      const start = Math.floor((Math.max(0, size - pieceBytes) * piece) / (pieces - 1));
      hash.update(await bytesAt(handle, start, Math.min(pieceBytes, size)));
    }
    return hash.digest('hex');
  });
}

/** A digest of all that a file holds, unpacked. */
async function contentMark(path: string): Promise<string> {
  const isPacked = await withHandle(path, async (handle) => {
    const start = await bytesAt(handle, 0, 2);
    return start[0] === 0x1f && start[1] === 0x8b;
  });
  if (!isPacked) return fileDigest(path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), createGunzip(), hash);
  return hash.digest('hex');
}

async function withHandle<Result>(
  path: string,
  work: (handle: FileHandle) => Promise<Result>,
): Promise<Result> {
  const handle = await open(path);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

async function bytesAt(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}
