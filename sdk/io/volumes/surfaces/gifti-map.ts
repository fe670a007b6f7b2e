import { Buffer } from 'node:buffer';
import { inflateSync } from 'node:zlib';
import { decodeVoxels } from '../formats/decode-voxels';
import { bytesPerVoxel } from '../formats/image-layout';
import type { GiftiArray } from './gifti-arrays';
import { giftiArrays, malformedGifti } from './gifti-arrays';
import { mostVertices } from './gifti-header';
import { xmlText } from './gifti-text';
import type { SurfaceMap } from './surface-map';

/** The longest number: 17 digits, sign, point and exponent, and zeros that some programs add. */
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/;

/**
 * Reads the first map of one value per vertex in a GIFTI file: as text, base64, or base64 of deflated bytes. Where the
 * file lists the vertices that it has values of (NIFTI_INTENT_NODE_INDEX), the others are NaN.
 *
 * @throws ConcordError `unreadable-file`; `malformed-image`; `unsupported-format` when the values are labels or are in a
 * file apart.
 */
export async function readGiftiMap(path: string): Promise<SurfaceMap> {
  const { maps, values, nodes } = await giftiArrays(xmlText(path), path);
  if (values === undefined) return malformedGifti(path, 'it holds no values of vertices (geometry only)');
  if (nodes.length > 1) malformedGifti(path, 'it lists the vertices of its values more than once');
  const stored = decoded(values, path);
  if (nodes.length === 0) return { values: stored, isSparse: false, maps };
  return { values: spread(stored, decoded(nodes[0], path), path), isSparse: true, maps };
}

/** The values at the vertices that are listed, NaN at the others, up to the last one listed. */
function spread(values: Float32Array, nodes: Float32Array, path: string): Float32Array {
  if (nodes.length !== values.length) {
    malformedGifti(path, `it lists ${nodes.length} vertices for ${values.length} values`);
  }
  let last = 0;
  for (const node of nodes) {
    if (!(Number.isInteger(node) && node >= 0 && node < mostVertices)) {
      malformedGifti(path, `it lists vertex ${node} (0 to ${mostVertices - 1} are allowed)`);
    }
    last = Math.max(last, node);
  }
  const all = new Float32Array(last + 1).fill(NaN);
  const seen = new Uint8Array(last + 1);
  nodes.forEach((node, i) => {
    if (seen[node]++ > 0) malformedGifti(path, `it lists vertex ${node} twice`);
    all[node] = values[i];
  });
  return all;
}

function decoded(array: GiftiArray, path: string): Float32Array {
  const { encoding, count, datatype, littleEndian, text } = array;
  if (encoding === 'ASCII') return numbersOf(text, count, path);
  const size = count * bytesPerVoxel[datatype];
  const bytes =
    encoding === 'Base64Binary' ? fromBase64(text, path) : inflated(fromBase64(text, path), size, path);
  if (bytes.length !== size) {
    malformedGifti(path, `${bytes.length} bytes are not a map of ${count} vertices of type ${datatype}`);
  }
  return decodeVoxels(copied(bytes), { datatype, littleEndian, slope: 1, intercept: 0 }).data;
}

function numbersOf(text: string, count: number, path: string): Float32Array {
  const values = new Float32Array(count);
  let found = 0;
  for (const [word] of text.matchAll(/\S+/g)) {
    // Text that is no number would become NaN, which is a value of its own.
    const value = number.test(word) ? Number(word.replace(/d/i, 'e')) : unusual(word);
    if (value === undefined) malformedGifti(path, `"${word.slice(0, 20)}" is not a number`);
    else if (found < count) values[found] = value;
    found++;
  }
  if (found !== count) malformedGifti(path, `${found} values are not a map of ${count} vertices`);
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
