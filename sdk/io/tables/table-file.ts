import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { ConcordError } from '../../errors';
import { requireNoOtherFormat } from '../text/other-formats';
import { fileSize, unreadableFile } from '../files/read-file';

/** How the characters of a text file are written. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** What the first bytes of a table's file show. */
export interface TableFile {
  readonly path: string;
  /** Bytes on disk. */
  readonly size: number;
  readonly format: 'text' | 'parquet';
  readonly gzip: boolean;
  readonly encoding: TextEncoding;
  /** The first bytes, unpacked. */
  readonly head: Buffer;
  /** The extension in lower case, `.gz` set aside: `.csv`, `.tsv`, … */
  readonly extension: string;
}

/** How many bytes are looked at: enough for the start of any header. */
const headBytes = 65536;

/**
 * Looks at the first bytes of a file to find out what kind of table it is.
 *
 * @throws ConcordError `unreadable-file`, `unsupported-format`, `malformed-table` or `too-little-data` (empty).
 */
export async function inspectTableFile(path: string): Promise<TableFile> {
  const size = await fileSize(path);
  const raw = await readHead(path);
  const where = { where: { file: path } };
  if (raw.length === 0)
    throw new ConcordError(
      'too-little-data',
      `empty table: ${path} has no bytes (a header and rows are needed)`,
      where,
    );
  const gzip = raw[0] === 0x1f && raw[1] === 0x8b;
  const packed = extname(path).toLowerCase() === '.gz';
  if (packed && !gzip) {
    throw new ConcordError(
      'malformed-table',
      `invalid gzip file: ${path} is named .gz but is not a gzip file (rename it without .gz, or pack it)`,
      where,
    );
  }
  const head = gzip ? unpackHead(raw, path) : raw;
  const extension = extname(packed ? path.slice(0, -3) : path).toLowerCase();
  const format = head.toString('latin1', 0, 4) === 'PAR1' ? 'parquet' : 'text';
  if (format === 'parquet' && gzip) {
    throw new ConcordError(
      'unsupported-format',
      `unsupported: ${path} is a gzipped Parquet file (unpack it)`,
      where,
    );
  }
  if (format === 'text') requireText(path, head);
  return { path, size, format, gzip, encoding: encodingOf(head), head, extension };
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
}

function unpackHead(raw: Buffer, path: string): Buffer {
  try {
    // Without Z_SYNC_FLUSH a file cut off after the first bytes would be an error.
    return gunzipSync(raw, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw damagedGzip(path, cause);
  }
}

/** The error for a gzip file that cannot be unpacked. */
export function damagedGzip(path: string, cause: unknown): ConcordError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new ConcordError(
    'malformed-table',
    `damaged gzip file: ${path}: ${said} (copy or download it again)`,
    { where: { file: path }, cause },
  );
}

function encodingOf(head: Buffer): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Refuses what is plainly not a text table. */
function requireText(path: string, head: Buffer): void {
  const where = { where: { file: path } };
  requireNoOtherFormat(path, head);
  if (encodingOf(head) !== 'utf-8' || !head.includes(0)) return;
  const zeros = [0, 1].map((parity) => head.filter((byte, at) => byte === 0 && at % 2 === parity).length);
  const isUtf16 = Math.max(...zeros) > head.length / 4;
  throw new ConcordError(
    'malformed-table',
    isUtf16
      ? `wrong encoding: ${path} looks like UTF-16 without a byte order mark (save it as UTF-8)`
      : `wrong encoding: ${path} holds zero bytes, so it is not a text table (save it as CSV in UTF-8, or as Parquet)`,
    where,
  );
}
