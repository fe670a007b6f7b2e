import { ConcordError } from '../../errors';
import { duplicateKey } from './duplicate-key';
import { malformedWeights, quoted } from './malformed-weights';
import { bytesPerNumber, readableTypes } from './safetensors-numbers';
import { shortJson } from '../../data/short-json';

/** Arrays to be written, by name: float32, or float64 where they are kept as they are. */
export type ArrayTable = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array | Float64Array }
>;

/** Where an array is in a file, counted from the first byte of the data. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  /** The byte after the last one. */
  readonly end: number;
}

/** What the header of a file says. */
export interface SafetensorsLayout {
  /** The arrays in the order of their data, which leaves no byte out. */
  readonly entries: readonly SafetensorsEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Text about the whole file is under this name, where arrays have theirs. */
const metadataName = '__metadata__';

/** The longest header that readers of the format accept. */
const longestHeader = 100_000_000;

/** Bytes of the header's length, which is before it. */
export const lengthBytes = 8;

/**
 * Makes what is before the data: the length of the header and the header, padded so that the data begin at a
 * multiple of 8 bytes.
 *
 * @throws ConcordError `invalid-option` when an array does not fit its shape or cannot have its name.
 */
export function encodeHeader(table: ArrayTable, metadata: Readonly<Record<string, string>>): Uint8Array {
  const arrays = [...table].map(([name, { shape, data }]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    if (count !== data.length || !shape.every(isSize)) {
      throw new ConcordError(
        'invalid-option',
        `invalid array ${quoted(name)}: ${data.length} numbers for a shape of ${JSON.stringify(shape)}`,
      );
    }
    return { name, shape, dtype: data instanceof Float64Array ? 'F64' : 'F32' } as const;
  });
  return encodeShapes(arrays, metadata);
}

/** An array whose numbers come later. */
export interface ArrayShape {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'F64' | 'F32';
}

/**
 * The same for arrays that are written piece by piece, in this order.
 *
 * @throws ConcordError `invalid-option` when an array cannot have its name.
 */
export function encodeShapes(
  arrays: readonly ArrayShape[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const parts: string[] = [];
  if (Object.keys(metadata).length > 0) parts.push(`"${metadataName}":${JSON.stringify(metadata)}`);
  let at = 0;
  for (const { name, shape, dtype } of arrays) {
    requireName(name);
    const bytes = shape.reduce((product, size) => product * size, dtype === 'F64' ? 8 : 4);
    const entry = { dtype, shape, data_offsets: [at, (at += bytes)] };
    // Put together by hand: an object would move names that are whole numbers to the front.
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  }
  const json = new TextEncoder().encode(`{${parts.join(',')}}`);
  const length = Math.ceil(json.length / 8) * 8;
  if (length > longestHeader) {
    throw new ConcordError('invalid-option', `too many arrays: their names and shapes take ${length} bytes`);
  }
  const header = new Uint8Array(lengthBytes + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, lengthBytes);
  return header;
}

function requireName(name: string): void {
  if (name !== metadataName && !/\p{Surrogate}/u.test(name)) return;
  const why = name === metadataName ? 'the format reserves it' : 'it is not well-formed Unicode';
  throw new ConcordError('invalid-option', `invalid name of an array: ${quoted(name)} (${why})`);
}

/**
 * Reads the length of the header.
 *
 * @param start - the first 8 bytes of the file, fewer when it has fewer
 * @param fileSize - of the whole file, in bytes
 * @throws ConcordError `malformed-model`.
 */
export function decodeHeaderLength(start: Uint8Array, fileSize: number, file: string): number {
  if (start.length < lengthBytes) {
    throw malformedWeights(
      file,
      `it is truncated: ${fileSize} bytes cannot hold even the length of its header`,
    );
  }
  const length = new DataView(start.buffer, start.byteOffset, lengthBytes).getBigUint64(0, true);
  if (length > longestHeader) {
    const most = longestHeader.toLocaleString('en');
    throw malformedWeights(file, `its header claims ${length} bytes, and at most ${most} are allowed`);
  }
  if (length > fileSize - lengthBytes) {
    throw malformedWeights(
      file,
      `it is truncated: its header claims ${length} bytes and the file has ${fileSize}`,
    );
  }
  return Number(length);
}

/**
 * Reads the header and checks that the arrays are of types that can be read and cover the data, each byte once.
 *
 * @param header - without the length before it
 * @param dataSize - bytes after the header
 * @throws ConcordError `malformed-model`; `unsupported-format` naming the types that are not read.
 */
export function decodeHeader(header: Uint8Array, dataSize: number, file: string): SafetensorsLayout {
  const { [metadataName]: metadata, ...arrays } = parse(header, file);
  const entries = Object.entries(arrays).map(([name, value]) => entryOf(name, value, file));
  requireReadableTypes(entries, file);
  for (const entry of entries) requireFit(entry, file);
  // An array without numbers begins where the next one does, and comes first.
  entries.sort((one, other) => one.begin - other.begin || one.end - other.end);
  requireCover(entries, dataSize, file);
  return { entries, metadata: metadata === undefined ? {} : textsOf(metadata, file) };
}

function parse(header: Uint8Array, file: string): Readonly<Record<string, unknown>> {
  try {
    // A byte order mark would be dropped silently; the format requires a brace first.
    if (header[0] !== 0x7b) throw new Error('it does not begin with a brace');
    const text = new TextDecoder('utf-8', { fatal: true }).decode(header);
    const json = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const twice = duplicateKey(text);
    if (twice !== undefined) throw new Error(`${quoted(twice)} is in it twice`);
    return json;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.replaceAll(/\s+/g, ' ') : String(cause);
    throw malformedWeights(file, `its header is not the JSON of a safetensors file: ${said}`, cause);
  }
}

function entryOf(name: string, value: unknown, file: string): SafetensorsEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof dtype !== 'string') throw malformedWeights(file, `${quoted(name)} has no dtype`);
  if (!isSizes(shape)) {
    throw malformedWeights(
      file,
      `the shape of ${quoted(name)} is ${shortJson(shape)}, not a list of whole numbers`,
    );
  }
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw malformedWeights(
      file,
      `the data_offsets of ${quoted(name)} are ${shortJson(offsets)}, not two whole numbers that ascend`,
    );
  }
  return { name, dtype, shape, begin: offsets[0], end: offsets[1] };
}

function requireReadableTypes(entries: readonly SafetensorsEntry[], file: string): void {
  const others = entries.filter(({ dtype }) => bytesPerNumber(dtype) === undefined);
  if (others.length === 0) return;
  const examples = new Map(others.map(({ dtype, name }) => [dtype, name]));
  const list = [...examples].slice(0, 8).map(([dtype, name]) => `${dtype.slice(0, 20)} (${quoted(name)})`);
  throw new ConcordError(
    'unsupported-format',
    `unsupported numbers in ${file}: ${list.join(', ')} (${readableTypes.join(', ')} are read: convert the others)`,
    { where: { file } },
  );
}

function requireFit({ name, dtype, shape, begin, end }: SafetensorsEntry, file: string): void {
  const needed = shape.reduce((product, size) => product * size, bytesPerNumber(dtype) ?? 0);
  if (needed === end - begin) return;
  throw malformedWeights(
    file,
    `${quoted(name)} has ${end - begin} bytes, and ${dtype} of shape ${shortJson(shape)} takes ${needed}`,
  );
}

function requireCover(entries: readonly SafetensorsEntry[], dataSize: number, file: string): void {
  let at = 0;
  let before = 'the header';
  for (const { name, begin, end } of entries) {
    if (begin < at) throw malformedWeights(file, `${quoted(name)} overlaps ${before} by ${at - begin} bytes`);
    if (begin > at) {
      throw malformedWeights(
        file,
        `${begin - at} bytes between ${before} and ${quoted(name)} belong to nothing`,
      );
    }
    if (end > dataSize) {
      throw malformedWeights(
        file,
        `it is truncated: ${quoted(name)} ends at byte ${end} of the data, and there are ${dataSize}`,
      );
    }
    [at, before] = [end, quoted(name)];
  }
  if (at < dataSize) throw malformedWeights(file, `${dataSize - at} bytes after ${before} belong to nothing`);
}

function textsOf(metadata: unknown, file: string): Readonly<Record<string, string>> {
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  if (isObject && Object.values(metadata).every((text) => typeof text === 'string')) {
    return metadata as Readonly<Record<string, string>>;
  }
  throw malformedWeights(file, `its ${metadataName} is not made of texts`);
}

function isSize(size: unknown): size is number {
  return Number.isSafeInteger(size) && Number(size) >= 0;
}

function isSizes(sizes: unknown): sizes is readonly number[] {
  return Array.isArray(sizes) && sizes.every(isSize);
}
