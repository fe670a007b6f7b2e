import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { fileSize, unreadableFile } from '../../files/read-file';
import { damagedPacking } from '../gunzipped';
import { imageError } from '../image-error';

/** How many bytes of text are taken from any packed file, and how many times its size from a large one. */
const utmostText = { always: 1 << 26, times: 64 };

/** Whether a file begins as XML does, whatever its letters are made of. */
export function startsLikeXml(head: Buffer): boolean {
  return /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*</.test(head.toString('latin1', 0, 64));
}

/**
 * Reads the text of an XML file piece by piece, packed with gzip or not, in the encoding that it names (UTF-8 where it
 * names none). A packed file may unpack to 64 MiB or 64 times its size, whichever is more: tables of numbers as text
 * pack to a fifth, and what is longer is no map.
 *
 * @throws ConcordError `unreadable-file`; `malformed-image` when it is damaged or unpacks to more.
 */
export async function* xmlText(path: string): AsyncGenerator<string> {
  const size = await fileSize(path);
  const isPacked = await startsLikeGzip(path);
  const most = isPacked ? Math.max(utmostText.always, utmostText.times * size) : size;
  let decoder: TextDecoder | undefined;
  let read = 0;
  for await (const piece of piecesOf(path, isPacked)) {
    read += piece.length;
    if (read > most) {
      throw imageError(
        'malformed-image',
        path,
        `invalid GIFTI file: ${path} of ${size} bytes unpacks to more than ${most} (make it again, or unpack it first)`,
      );
    }
    decoder ??= decoderFor(piece, path);
    yield decoded(decoder, piece, path);
  }
  if (decoder !== undefined) yield decoded(decoder, undefined, path);
}

async function* piecesOf(path: string, isPacked: boolean): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  // Errors surface where the pieces are read; the callback only keeps them from being thrown twice.
  const pieces = isPacked ? pipeline(file, createGunzip({ chunkSize: 1 << 18 }), () => undefined) : file;
  try {
    for await (const piece of pieces) yield piece as Buffer;
  } catch (cause) {
    throw damagedPacking(path, cause);
  } finally {
    file.destroy();
  }
}

async function startsLikeGzip(path: string): Promise<boolean> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function decoderFor(first: Buffer, path: string): TextDecoder {
  const start = first.toString('latin1', 0, 200);
  const named = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)/.exec(start)?.[1];
  try {
    // Two bytes a letter are known by their mark, and what they say of themselves cannot be read before.
    const wide = /^(?:\xff\xfe|\xfe\xff)/.exec(start)?.[0];
    return new TextDecoder(
      wide === undefined ? (named ?? 'utf-8') : wide === '\xff\xfe' ? 'utf-16le' : 'utf-16be',
      {
        fatal: true,
      },
    );
  } catch (cause) {
    throw imageError(
      'unsupported-format',
      path,
      `unsupported encoding: ${path} says that its text is ${JSON.stringify(named?.slice(0, 40))} (write it in UTF-8)`,
      { cause },
    );
  }
}

function decoded(decoder: TextDecoder, piece: Buffer | undefined, path: string): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch (cause) {
    throw imageError(
      'unreadable-file',
      path,
      `cannot read ${path}: it is not text in ${decoder.encoding.toUpperCase()}`,
      {
        cause,
      },
    );
  }
}
