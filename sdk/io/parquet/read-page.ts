import type { DecodedArray, Encoding, PageHeader } from 'hyparquet';
import type { alpDecode } from 'hyparquet/src/alp.js';
import type * as delta from 'hyparquet/src/delta.js';
import type { byteStreamSplit } from 'hyparquet/src/encoding.js';
import type { readPlain } from 'hyparquet/src/plain.js';
import type { TableCell } from '../text/row-source';
import type { CellsOf } from './column-cells';
import type { ByteReader } from './level-runs';
import { readRuns } from './level-runs';
import type { ColumnPlan } from './parquet-plan';
import type { UnpackPage } from './unpack-page';
import { hyparquet } from './hyparquet';

/** The cells of one page. */
export type PageCells = ArrayLike<TableCell>;

/** What all pages of one column share. */
export interface PageReading {
  readonly column: ColumnPlan;
  readonly codec: Parameters<UnpackPage>[1];
  readonly unpack: UnpackPage;
  readonly cellsOf: CellsOf;
  readonly decoders: ValueDecoders;
  /** The values that pages refer to by number. */
  readonly dictionary?: PageCells;
}

/** What hyparquet decodes of one page: values one after the other. */
export interface ValueDecoders {
  readonly plain: typeof readPlain;
  readonly split: typeof byteStreamSplit;
  readonly delta: typeof delta;
  readonly alp: typeof alpDecode;
}

/** What hyparquet decodes pages with. */
export function valueDecoders(): ValueDecoders {
  const { readPlain, byteStreamSplit: split, delta: differences, alpDecode: alp } = hyparquet();
  return { plain: readPlain, split, delta: differences, alp };
}

/** Reads the page of values that others refer to. */
export function readDictionary(
  packed: Uint8Array,
  { dictionary_page_header: about, uncompressed_page_size: size }: PageHeader,
  { column, codec, unpack, cellsOf, decoders }: PageReading,
): PageCells {
  if (about === undefined) throw new Error('a dictionary has no header');
  const reader = readerOf(unpack(packed, codec, size));
  const values = decodePlain(reader, countOf(about.num_values, Infinity), { column, decoders });
  return cellsOf(values);
}

/** Reads a page of cells; those that are missing are `null`. */
export function readDataPage(
  packed: Uint8Array,
  header: PageHeader,
  { most, ...reading }: PageReading & { readonly most: number },
): PageCells {
  const { column, codec, unpack } = reading;
  const { data_page_header: first, data_page_header_v2: second, uncompressed_page_size: size } = header;
  if (second !== undefined) {
    const count = countOf(second.num_values, most);
    const levels = countOf(second.definition_levels_byte_length, packed.length);
    if (countOf(second.repetition_levels_byte_length, packed.length) > 0)
      throw new Error('a flat column has levels of lists');
    const body = packed.subarray(levels);
    const page =
      second.is_compressed === false || size === levels ? body : unpack(body, codec, size - levels);
    const present = column.optional ? presentCells(readerOf(packed), count, levels) : undefined;
    return joinCells(readerOf(page), { encoding: second.encoding, count, present }, reading);
  }
  if (first === undefined) throw new Error('a page has no header');
  const count = countOf(first.num_values, most);
  const reader = readerOf(unpack(packed, codec, size));
  const present = column.optional && count > 0 ? presentCells(reader, count) : undefined;
  return joinCells(reader, { encoding: first.encoding, count, present }, reading);
}

/** Which cells are there, one byte each; `undefined` where all are. */
function presentCells(reader: ByteReader, count: number, bytes?: number): Uint32Array | undefined {
  let length = bytes;
  if (length === undefined) {
    length = reader.view.getUint32(reader.offset, true);
    reader.offset += 4;
  }
  const end = reader.offset + length;
  if (end > reader.view.byteLength) throw new Error('the marks of missing cells go beyond their page');
  const levels = readRuns(reader, 1, { count, end, below: 2 });
  reader.offset = end;
  return levels.includes(0) ? levels : undefined;
}

function joinCells(
  reader: ByteReader,
  page: { readonly encoding: Encoding; readonly count: number; readonly present: Uint32Array | undefined },
  reading: PageReading,
): PageCells {
  const { present, count, encoding } = page;
  const there = present === undefined ? count : present.reduce((sum, level) => sum + level, 0);
  const values = decodeCells(reader, { encoding, count: there }, reading);
  if (present === undefined) return values;
  let next = 0;
  return Array.from(present, (level) => (level === 1 ? values[next++] : null));
}

function decodeCells(
  reader: ByteReader,
  { encoding, count }: { readonly encoding: Encoding; readonly count: number },
  { column, cellsOf, decoders, dictionary }: PageReading,
): PageCells {
  if (count === 0) return [];
  const end = reader.view.byteLength;
  if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    if (dictionary === undefined) throw new Error('a page refers to a dictionary, and there is none');
    const width = reader.view.getUint8(reader.offset++);
    const numbers = readRuns(reader, width, { count, end, below: dictionary.length });
    return dictionary instanceof Float64Array
      ? Float64Array.from(numbers, (number) => dictionary[number])
      : Array.from(numbers, (number) => dictionary[number]);
  }
  if (encoding === 'PLAIN') return cellsOf(decodePlain(reader, count, { column, decoders }));
  if (encoding === 'RLE' && column.type === 'BOOLEAN') {
    // Its length comes first.
    reader.offset += 4;
    return cellsOf(Array.from(readRuns(reader, 1, { count, end, below: 2 }), (bit) => bit === 1));
  }
  return cellsOf(decodeOther(reader, { encoding, count }, { column, decoders }));
}

function decodeOther(
  reader: ByteReader,
  { encoding, count }: { readonly encoding: Encoding; readonly count: number },
  { column, decoders }: Pick<PageReading, 'column' | 'decoders'>,
): DecodedArray {
  const { type, element } = column;
  if (encoding === 'BYTE_STREAM_SPLIT') {
    requireBytes(reader, count * (fixedWidth(column) ?? 0));
    return decoders.split(reader, count, type, element.type_length);
  }
  if (encoding === 'DELTA_BINARY_PACKED') {
    const numbers = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
    requireCount(reader, count);
    decoders.delta.deltaBinaryUnpack(reader, count, numbers);
    return numbers;
  }
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY' || encoding === 'DELTA_BYTE_ARRAY') {
    const { deltaLengthByteArray, deltaByteArray } = decoders.delta;
    const decode = encoding === 'DELTA_BYTE_ARRAY' ? deltaByteArray : deltaLengthByteArray;
    const texts = new Array<Uint8Array>(count);
    requireCount(reader, count);
    decode(reader, count, texts);
    requireEnd(reader);
    return texts;
  }
  if (encoding === 'ALP') return decoders.alp(reader, count, type);
  throw new Error(`unsupported encoding: ${encoding}`);
}

function decodePlain(
  reader: ByteReader,
  count: number,
  { column, decoders }: Pick<PageReading, 'column' | 'decoders'>,
): DecodedArray {
  const width = fixedWidth(column);
  if (width !== undefined) requireBytes(reader, count * width);
  // Each text has its length before it.
  else if (column.type === 'BYTE_ARRAY' && 4 * count > reader.view.byteLength - reader.offset)
    throw new Error(`a page has no room for ${count} values`);
  const values = decoders.plain(reader, column.type, count, column.element.type_length);
  requireEnd(reader);
  return values;
}

/** Bytes of one value, where all have as many. */
function fixedWidth({ type, element }: ColumnPlan): number | undefined {
  const widths: Partial<Record<typeof type, number | undefined>> = {
    INT32: 4,
    FLOAT: 4,
    INT64: 8,
    DOUBLE: 8,
    INT96: 12,
    FIXED_LEN_BYTE_ARRAY: element.type_length,
  };
  return widths[type];
}

/** A page holds its values and nothing else: one more or fewer means that marks of missing cells are damaged. */
function requireBytes(reader: ByteReader, bytes: number): void {
  const { view, offset } = reader;
  const found = view.byteLength - offset;
  if (found < bytes) throw new Error(`a page has ${found} bytes of values, and ${bytes} are needed`);
  requireEnd({ view, offset: offset + bytes });
}

/** Some bytes of padding are no harm: fastparquet puts 8 zeros after values. */
function requireEnd({ view, offset }: ByteReader): void {
  const left = new Uint8Array(view.buffer, view.byteOffset + offset, Math.max(0, view.byteLength - offset));
  if (offset > view.byteLength || left.length > 8 || left.some((byte) => byte !== 0))
    throw new Error(`${view.byteLength - offset} bytes of a page are left over`);
}

/** Differences say how many values they make: the third number after the sizes of their blocks. */
function requireCount({ view, offset }: ByteReader, count: number): void {
  let at = offset;
  const next = (): number => {
    let value = 0;
    for (let group = 0; group < 5; group++) {
      const byte = view.getUint8(at++);
      value += (byte & 0x7f) * 2 ** (7 * group);
      if (byte < 0x80) return value;
    }
    throw new Error('differences have an impossible size');
  };
  const block = next();
  const parts = next();
  const values = next();
  if (values !== count) throw new Error(`a page has ${values} values, and ${count} are needed`);
  // By the format: blocks of a multiple of 128, in parts of a multiple of 32.
  const fits = block > 0 && block % 128 === 0 && parts > 0 && (block / parts) % 32 === 0;
  if (!fits || block > 2 ** 20) throw new Error(`differences come in blocks of ${block} in ${parts} parts`);
}

function countOf(count: number, most: number): number {
  if (Number.isInteger(count) && count >= 0 && count <= most) return count;
  throw new Error(`a page says that it has ${count} values, bytes or rows, and at most ${most} are left`);
}

function readerOf(bytes: Uint8Array): ByteReader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}
