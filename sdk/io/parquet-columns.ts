import { open } from 'node:fs/promises';
import * as zlib from 'node:zlib';
import type { AsyncBuffer, ColumnData, Compressors, DecodedArray, FileMetaData } from 'hyparquet';
import { ConcordError } from '../errors';
import { unreadableFile } from './read-file';
import type { TableFile } from './table-file';

/** How many columns are decoded at a time: what decoding leaves behind is many times the numbers themselves. */
const columnsAtATime = 32;

/** Some rows of a Parquet file. */
export interface RowGroup {
  readonly metadata: FileMetaData;
  readonly header: readonly string[];
  readonly start: number;
  /** One past the last row. */
  readonly end: number;
}

/**
 * Reads some rows of a Parquet file, column by column: columns of numbers as 64-bit floats with `NaN` for null.
 *
 * @returns one array per column of the header
 * @throws ConcordError `malformed-table`, `unsupported-format` or `unreadable-file`.
 */
export async function readRowGroup(
  file: TableFile,
  { metadata, header, start, end }: RowGroup,
): Promise<readonly ArrayLike<unknown>[]> {
  const { parquetRead } = await import('hyparquet');
  const columns = new Map<string, ArrayLike<unknown>>();
  for (let first = 0; first < header.length; first += columnsAtATime) {
    const pieces = new Map<string, ColumnData[]>();
    const wanted = header.slice(first, first + columnsAtATime);
    try {
      await parquetRead({
        file: diskBuffer(file),
        metadata,
        columns: wanted,
        rowStart: start,
        rowEnd: end,
        compressors: decompressors(),
        onChunk: (piece) => pieces.set(piece.columnName, [...(pieces.get(piece.columnName) ?? []), piece]),
      });
    } catch (cause) {
      throw damagedParquet(file, cause);
    }
    for (const name of wanted) columns.set(name, joinPieces(pieces.get(name) ?? [], start, end));
  }
  return header.map((name) => columns.get(name) ?? []);
}

function joinPieces(pieces: readonly ColumnData[], start: number, end: number): ArrayLike<unknown> {
  const isNumeric = pieces.every(({ columnData }) => holdsNumbers(columnData));
  const joined = isNumeric ? new Float64Array(end - start).fill(NaN) : new Array<unknown>(end - start);
  for (const { columnData, rowStart, rowEnd } of pieces) {
    for (let row = Math.max(start, rowStart); row < Math.min(end, rowEnd); row++) {
      const value: unknown = columnData[row - rowStart];
      joined[row - start] = isNumeric ? (value ?? NaN) : value;
    }
  }
  return joined;
}

function holdsNumbers(data: DecodedArray): boolean {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return false;
  return (
    !Array.isArray(data) ||
    data.every((value) => typeof value === 'number' || value === null || value === undefined)
  );
}

/** The decompressors that Node brings, besides Snappy, which hyparquet brings. */
function decompressors(): Compressors {
  const zstd =
    'zstdDecompressSync' in zlib ? (zlib.zstdDecompressSync as (bytes: Uint8Array) => Buffer) : undefined;
  return {
    GZIP: (bytes) => zlib.gunzipSync(bytes),
    BROTLI: (bytes) => zlib.brotliDecompressSync(bytes),
    ...(zstd === undefined ? {} : { ZSTD: (bytes: Uint8Array) => zstd(bytes) }),
  };
}

/** Gives hyparquet the bytes of a file, read as they are asked for. */
export function diskBuffer(file: TableFile): AsyncBuffer {
  return {
    byteLength: file.size,
    async slice(start, end = file.size) {
      const bytes = new Uint8Array(end - start);
      try {
        const handle = await open(file.path);
        try {
          await handle.read(bytes, 0, bytes.length, start);
        } finally {
          await handle.close();
        }
      } catch (cause) {
        throw unreadableFile(file.path, cause);
      }
      return bytes.buffer;
    },
  };
}

/** The error for what hyparquet could not read. */
export function damagedParquet(file: TableFile, cause: unknown): ConcordError {
  if (cause instanceof ConcordError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  const where = { where: { file: file.path }, cause };
  return said.includes('unsupported')
    ? new ConcordError(
        'unsupported-format',
        `unsupported: ${file.path}: ${said} (write it with Snappy, gzip or no compression)`,
        where,
      )
    : new ConcordError(
        'malformed-table',
        `damaged Parquet file: ${file.path}: ${said} (copy or download it again)`,
        where,
      );
}
