import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import type { RunOptions } from '../../data/run-options';
import { progressReporter, throwIfAborted } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { unreadableFile } from '../files/read-file';
import type { TableFile } from '../tables/table-file';
import { damagedGzip } from '../tables/table-file';

/** How many bytes are read between two progress reports. */
const reportEvery = 1 << 20;

/**
 * Streams the text of a file as UTF-8 bytes: unpacked, and UTF-16 turned into UTF-8.
 *
 * @throws ConcordError `unreadable-file`, `malformed-table` or `aborted`.
 */
export async function* textBytes(file: TableFile, run: RunOptions = {}): AsyncGenerator<Buffer> {
  const decoder = file.encoding === 'utf-8' ? undefined : new TextDecoder(file.encoding, { fatal: true });
  for await (const chunk of unpackedBytes(file, run)) {
    throwIfAborted(run.signal);
    yield decoder === undefined ? chunk : Buffer.from(decode(file, decoder, chunk));
  }
  if (decoder !== undefined) yield Buffer.from(decode(file, decoder));
}

async function* unpackedBytes(file: TableFile, run: RunOptions): AsyncGenerator<Buffer> {
  const raw = createReadStream(file.path);
  const report = progressReporter(`reading ${file.path}`, file.size, run);
  let reported = 0;
  // Errors of either stream surface in the loop; the callback only keeps them from being thrown twice.
  const bytes = file.gzip ? pipeline(raw, createGunzip(), () => undefined) : raw;
  try {
    for await (const chunk of bytes) {
      yield chunk as Buffer;
      if (raw.bytesRead - reported < reportEvery) continue;
      reported = raw.bytesRead;
      report(reported);
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code.startsWith('Z_')) throw damagedGzip(file.path, cause);
    // What the caller's onProgress throws is passed on as it is.
    throw cause instanceof Error && 'syscall' in cause ? unreadableFile(file.path, cause) : cause;
  }
  if (reported < file.size) report(file.size);
}

function decode(file: TableFile, decoder: TextDecoder, chunk?: Buffer): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new ConcordError(
      'malformed-table',
      `wrong encoding: ${file.path} is marked as UTF-16 but is not valid UTF-16 (save it as UTF-8)`,
      { where: { file: file.path }, cause },
    );
  }
}

/** The text after the first `lines` lines, whatever quotes are in them; a line ends in LF, CR or both. */
export async function* afterLines(chunks: AsyncIterable<Buffer>, lines: number): AsyncGenerator<Buffer> {
  let left = lines;
  let last = 0;
  for await (const chunk of chunks) {
    let at = 0;
    while (at < chunk.length && left > 0) {
      const byte = chunk[at++];
      if (byte === 0x0d || (byte === 0x0a && last !== 0x0d)) left--;
      last = byte;
    }
    if (at === chunk.length) continue;
    // The line feed that belongs to the last carriage return passed over.
    if (last === 0x0d && chunk[at] === 0x0a) at++;
    last = 0;
    yield at === 0 ? chunk : chunk.subarray(at);
  }
}

/** What reading a text file once shows. */
export interface TextCount {
  /** The number of lines; a table has about one fewer rows. */
  readonly lines: number;
  /** Whether there is a double quote anywhere. */
  readonly quotes: boolean;
}

/**
 * Reads a text file once to count its lines and to check that it is UTF-8.
 *
 * @throws ConcordError `malformed-table` naming the line where the encoding is broken.
 */
export async function countLines(file: TableFile, run: RunOptions = {}): Promise<TextCount> {
  let quotes = false;
  let lines = 0;
  let last = 0x0a;
  let carried: Buffer = Buffer.alloc(0);
  for await (const chunk of textBytes(file, { signal: run.signal })) {
    if (chunk.length === 0) continue;
    const bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk]);
    const whole = bytes.length - cutOffBytes(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) throw wrongEncoding(file, lines + 1, bytes.subarray(0, whole));
    carried = Buffer.from(bytes.subarray(whole));
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) lines++;
    quotes ||= chunk.includes(0x22);
    last = chunk[chunk.length - 1];
  }
  if (carried.length > 0) throw wrongEncoding(file, lines + 1, carried);
  return { lines: last === 0x0a ? lines : lines + 1, quotes };
}

/**
 * Whether all lines after the header have the same number of tabs: that of the header, or one more where rows have names.
 * Then no quote joins cells or lines.
 *
 * @param headerLine - the line of the header, from 1; lines before it do not count
 */
export async function hasEvenTabs(file: TableFile, headerLine: number): Promise<boolean> {
  const counts: number[] = [];
  const close = (): boolean => {
    if (line >= headerLine && filled && !counts.includes(tabs)) counts.push(tabs);
    line++;
    tabs = 0;
    filled = false;
    return counts.length <= 2;
  };
  let line = 1;
  let tabs = 0;
  let filled = false;
  let last = 0;
  for await (const chunk of textBytes(file)) {
    for (const byte of chunk) {
      if (byte === 0x0a || byte === 0x0d) {
        if (!(byte === 0x0a && last === 0x0d) && !close()) return false;
      } else {
        filled = true;
        if (byte === 0x09) tabs++;
      }
      last = byte;
    }
  }
  close();
  return counts.length <= 1 || (counts.length === 2 && counts[1] === counts[0] + 1);
}

/** How many bytes at the end begin a character that the next chunk finishes. */
function cutOffBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** Finds the line that is not UTF-8, for the error. */
function wrongEncoding(file: TableFile, firstLine: number, bytes: Buffer): ConcordError {
  let line = firstLine;
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    line++;
    start = end + 1;
  }
  return new ConcordError(
    'malformed-table',
    `wrong encoding: ${file.path}, row ${line} is not UTF-8 (in Excel save it as "CSV UTF-8"; ` +
      'or convert it: iconv -f WINDOWS-1252 -t UTF-8)',
    { where: { file: file.path, row: line } },
  );
}
