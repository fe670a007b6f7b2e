import { crc32 } from 'node:zlib';
import type { PageHeader } from 'hyparquet';
import type { TableCell } from '../text/row-source';
import type { CellsOf } from './column-cells';
import { cellsOf } from './column-cells';
import { decodingError } from './damaged-parquet';
import type { ChunkPlan, ColumnPlan } from './parquet-plan';
import { byteText } from './parquet-plan';
import type { PageCells, PageReading } from './read-page';
import { readDataPage, readDictionary, valueDecoders } from './read-page';
import { pageUnpacker } from './unpack-page';
import { shortJson } from '../../data/short-json';
import { hyparquet } from './hyparquet';

/** The cells of one column in one row group: numbers with `NaN` for missing, or cells of any kind. */
export type ChunkCells = Float64Array | readonly TableCell[];

/** Reads the cells of a chunk from its bytes. */
export type ReadChunk = (
  bytes: Uint8Array,
  chunk: ChunkPlan,
  about: { readonly column: ColumnPlan; readonly rows: number },
) => ChunkCells;

/**
 * Makes the function that reads the columns of a Parquet file, page by page with the decoders of hyparquet. Its own
 * loop over pages is not used: it takes counts and sizes as the file gives them, so that a damaged file ends in fewer
 * rows, in missing values, or not at all.
 *
 * @throws ConcordError from the function: `malformed-table` naming the column, `unsupported-format`.
 */
export function chunkReader(path: string, columns: readonly ColumnPlan[]): ReadChunk {
  const { parquetHeader } = hyparquet();
  const unpack = pageUnpacker();
  const decoders = valueDecoders();
  const converters = new Map<ColumnPlan, CellsOf>();
  for (const column of columns) {
    try {
      converters.set(column, cellsOf(column));
    } catch (cause) {
      throw decodingError(path, inColumn(column.name, cause));
    }
  }
  return (bytes, chunk, { column, rows }) => {
    try {
      const converter = converters.get(column);
      if (converter === undefined) throw new Error('a column is not of this table');
      const reading = { column, codec: chunk.codec, unpack, decoders, cellsOf: converter };
      const pages = readPages(bytes, { reading, rows, parquetHeader });
      requireStatistics(pages, chunk);
      return joinPages(pages, rows);
    } catch (cause) {
      throw decodingError(path, inColumn(column.name, cause));
    }
  };
}

function inColumn(name: string, cause: unknown): Error {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new Error(`column "${name}": ${said}`, { cause });
}

function readPages(
  bytes: Uint8Array,
  about: {
    readonly reading: PageReading;
    readonly rows: number;
    readonly parquetHeader: (reader: { view: DataView; offset: number }) => PageHeader;
  },
): readonly PageCells[] {
  const { reading, rows, parquetHeader } = about;
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  const pages: PageCells[] = [];
  let dictionary: PageCells | undefined;
  let left = rows;
  while (reader.offset < bytes.length) {
    const header = parquetHeader(reader);
    const size = header.compressed_page_size;
    if (!(size >= 0 && reader.offset + size <= bytes.length)) {
      throw new Error(`a page is said to have ${size} bytes, and ${bytes.length - reader.offset} are left`);
    }
    const packed = bytes.subarray(reader.offset, reader.offset + size);
    reader.offset += size;
    // Stored as a signed number.
    if (header.crc !== undefined && crc32(packed) !== header.crc >>> 0)
      throw new Error('a page was changed since it was written: its CRC-32 differs');
    if (header.type === 'DICTIONARY_PAGE') {
      if (dictionary !== undefined || pages.length > 0)
        throw new Error('a dictionary is not where it belongs');
      dictionary = readDictionary(packed, header, reading);
    } else if (header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2') {
      const cells = readDataPage(packed, header, { ...reading, dictionary, most: left });
      left -= cells.length;
      pages.push(cells);
    } else if (header.type !== 'INDEX_PAGE') {
      throw new Error('a page is of an unknown kind');
    }
  }
  if (left > 0) throw new Error(`its pages have ${rows - left} rows, and ${rows} are expected`);
  return pages;
}

function joinPages(pages: readonly PageCells[], rows: number): ChunkCells {
  const numeric = pages.every(isNumeric);
  if (!numeric) return pages.flatMap((page) => Array.from(page));
  const joined = new Float64Array(rows);
  let at = 0;
  for (const page of pages) {
    for (let i = 0; i < page.length; i++) joined[at++] = (page[i] as number | null) ?? NaN;
  }
  return joined;
}

function isNumeric(page: PageCells): boolean {
  if (page instanceof Float64Array || page instanceof Float32Array) return true;
  return Array.prototype.every.call(page, (cell: TableCell) => typeof cell === 'number' || cell === null);
}

/** Compares the values with what the file says of them: all that shows a changed value where pages have no CRC. */
function requireStatistics(pages: readonly PageCells[], { nulls, least, greatest }: ChunkPlan): void {
  let missing = 0;
  // A bound says of which kind the values are that it bounds; numbers beyond a double are texts here.
  const kind = typeof (least ?? greatest);
  for (const page of pages) {
    for (let i = 0; i < page.length; i++) {
      const cell = page[i];
      if (cell === null) missing++;
      if (cell === null || typeof cell !== kind) continue;
      const value = typeof cell === 'string' ? latinBytes(cell) : cell;
      if (least !== undefined && value < least)
        throw new Error(`it holds ${shortJson(cell)}, below its least value as the file says it`);
      if (greatest !== undefined && value > greatest)
        throw new Error(`it holds ${shortJson(cell)}, above its greatest value as the file says it`);
    }
  }
  if (nulls !== undefined && missing !== nulls)
    throw new Error(`${missing} of its cells are missing, and ${nulls} are said to be`);
}

/** Most texts of tables are ASCII, and sort as their bytes do. */
function latinBytes(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : byteText(Buffer.from(text, 'utf8'));
}
