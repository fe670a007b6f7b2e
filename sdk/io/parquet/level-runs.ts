/** A place in some bytes. */
export interface ByteReader {
  readonly view: DataView;
  offset: number;
}

/**
 * Reads whole numbers in Parquet's hybrid of runs and packed bits ("Run Length Encoding / Bit-Packing Hybrid" in the
 * format's Encodings.md). hyparquet has this too, but takes a run of any length: one changed bit makes two billion
 * numbers of it, and numbers that no dictionary has silently become missing values.
 *
 * @param count - how many numbers there must be
 * @param end - the byte after the last one that may be read
 * @throws Error where there are fewer, a run is longer than what is left, or a number is not less than `below`.
 */
export function readRuns(
  reader: ByteReader,
  width: number,
  { count, end, below }: { readonly count: number; readonly end: number; readonly below: number },
): Uint32Array {
  if (width > 32) throw new Error(`numbers of ${width} bits`);
  const bytes = new Uint8Array(
    reader.view.buffer,
    reader.view.byteOffset,
    Math.min(end, reader.view.byteLength),
  );
  const numbers = new Uint32Array(count);
  let seen = 0;
  while (seen < count) {
    const header = readCount(bytes, reader);
    const isPacked = header % 2 === 1;
    const run = isPacked ? Math.floor(header / 2) * 8 : Math.floor(header / 2);
    if (run === 0) continue;
    // Packed numbers are filled up: by all to a multiple of eight, by DuckDB to one of 32.
    if (!isPacked && run > count - seen) throw new Error('a run is longer than the page');
    const taken = Math.min(run, count - seen);
    if (isPacked) unpack(bytes, reader, { width, run, into: numbers.subarray(seen, seen + taken) });
    else numbers.fill(readNumber(bytes, reader, width), seen, seen + taken);
    seen += taken;
  }
  if (numbers.some((number) => number >= below)) throw new Error('a number is beyond those there are');
  return numbers;
}

/** A whole number in groups of seven bits, the lowest first, of at most five bytes. */
function readCount(bytes: Uint8Array, reader: ByteReader): number {
  let value = 0;
  for (let group = 0; group < 5; group++) {
    const byte = byteAt(bytes, reader.offset++);
    value += (byte & 0x7f) * 2 ** (7 * group);
    if (byte < 0x80) return value;
  }
  throw new Error('a run has an impossible length');
}

function readNumber(bytes: Uint8Array, reader: ByteReader, width: number): number {
  let value = 0;
  for (let byte = 0; byte < Math.ceil(width / 8); byte++) {
    value += byteAt(bytes, reader.offset++) * 2 ** (8 * byte);
  }
  return value;
}

/** Numbers of `width` bits one after the other, the lowest bits first; `run` of them are stored. */
function unpack(
  bytes: Uint8Array,
  reader: ByteReader,
  { width, run, into }: { readonly width: number; readonly run: number; readonly into: Uint32Array },
): void {
  const start = reader.offset;
  for (let i = 0; i < into.length; i++) {
    let value = 0;
    for (let bit = 0; bit < width;) {
      const at = i * width + bit;
      const within = at % 8;
      const taken = Math.min(8 - within, width - bit);
      const part = (byteAt(bytes, start + Math.floor(at / 8)) >> within) & ((1 << taken) - 1);
      value += part * 2 ** bit;
      bit += taken;
    }
    into[i] = value;
  }
  // Some writers leave out the bytes that only fill up the last group.
  reader.offset = Math.min(start + (run / 8) * width, bytes.length);
}

function byteAt(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) throw new Error('a run goes beyond its page');
  return bytes[at];
}
