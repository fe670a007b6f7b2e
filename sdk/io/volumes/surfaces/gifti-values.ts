import { Buffer } from 'node:buffer';
import { inflateSync } from 'node:zlib';
import { decodeVoxels } from '../formats/decode-voxels';
import { bytesPerVoxel } from '../formats/image-layout';
import type { GiftiArray } from './gifti-arrays';
import { malformedGifti } from './gifti-arrays';

/** The longest number: 17 digits, sign, point and exponent, and zeros that some programs add. */
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/;

/**
 * The values of an array: from text, base64, or base64 of deflated bytes.
 *
 * @param what - what they should be, for messages
 * @throws ConcordError `malformed-image` where they are not as many as its dimensions say.
 */
export function arrayValues(
  array: GiftiArray,
  path: string,
  what = `a map of ${array.count} vertices`,
): Float32Array {
  const { encoding, count, datatype, littleEndian, text } = array;
  if (encoding === 'ASCII') return numbersOf(text, count, { path, what });
  const size = count * bytesPerVoxel[datatype];
  const bytes =
    encoding === 'Base64Binary' ? fromBase64(text, path) : inflated(fromBase64(text, path), size, path);
  if (bytes.length !== size) {
    malformedGifti(path, `${bytes.length} bytes are not ${what} of type ${datatype}`);
  }
  return decodeVoxels(copied(bytes), { datatype, littleEndian, slope: 1, intercept: 0 }).data;
}

function numbersOf(
  text: string,
  count: number,
  { path, what }: { readonly path: string; readonly what: string },
): Float32Array {
  const values = new Float32Array(count);
  let found = 0;
  for (const [word] of text.matchAll(/\S+/g)) {
    // Text that is no number would become NaN, which is a value of its own.
    const value = number.test(word) ? Number(word.replace(/d/i, 'e')) : unusual(word);
    if (value === undefined) malformedGifti(path, `"${word.slice(0, 20)}" is not a number`);
    else if (found < count) values[found] = value;
    found++;
  }
  if (found !== count) malformedGifti(path, `${found} values are not ${what}`);
  return values;
}

/** What C and MATLAB write where there is no number. */
function unusual(word: string): number | undefined {
  if (/^[+-]?nan(?:\([^)]*\))?$/i.test(word)) return NaN;
  if (/^[+-]?inf(?:inity)?$/i.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  return undefined;
}

/** Node passes over letters that are not base64, which would move all that follow. */
function fromBase64(text: string, path: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const letters = text.replace(/={0,2}$/, '').length;
  if (bytes.length !== Math.floor((letters * 3) / 4) || letters % 4 === 1) {
    malformedGifti(path, 'its values cannot be unpacked: they are not base64');
  }
  return bytes;
}

/** No more is unpacked than the map can take, and a little, which shows that there is more. */
function inflated(bytes: Buffer, size: number, path: string): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: size + 1 });
  } catch (cause) {
    const isLonger = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    return malformedGifti(
      path,
      isLonger
        ? `its values unpack to more than the ${size} bytes that its dimensions allow`
        : 'its values cannot be unpacked',
      cause,
    );
  }
}

/** The same bytes in memory of their own: small buffers share theirs. */
function copied(bytes: Buffer): ArrayBuffer {
  const own = new ArrayBuffer(bytes.length);
  new Uint8Array(own).set(bytes);
  return own;
}
