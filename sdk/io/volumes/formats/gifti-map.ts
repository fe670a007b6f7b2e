import { Buffer } from 'node:buffer';
import { inflateSync } from 'node:zlib';
import { decodeVoxels } from './decode-voxels';
import { imageError } from '../image-error';
import { bytesPerVoxel } from './image-layout';
import { niftiDatatype } from './nifti-datatypes';

/** One array of a GIFTI file, as it is there. */
interface DataArray {
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
}

/** Arrays that are geometry, not values of the vertices. */
const geometry = ['NIFTI_INTENT_POINTSET', 'NIFTI_INTENT_TRIANGLE', 'NIFTI_INTENT_NODE_INDEX'];

/** The codes of the datatypes that GIFTI has, by their names. */
const codes: Readonly<Record<string, number>> = {
  NIFTI_TYPE_UINT8: 2,
  NIFTI_TYPE_INT32: 8,
  NIFTI_TYPE_FLOAT32: 16,
  NIFTI_TYPE_FLOAT64: 64,
  NIFTI_TYPE_INT16: 4,
};

/**
 * Reads the first map of one value per vertex in a GIFTI file: as text, base64, or base64 of deflated bytes.
 *
 * The elements are found here and not with gifti-reader-js 0.4.6, which reads `1.5e-05` as two numbers, takes no account
 * of the byte order, and prints on damaged files.
 *
 * @throws ConcordError `malformed-image`; `unsupported-format` when the values are in a file apart.
 */
export function parseGiftiMap(xml: string, path: string): Float32Array {
  if (!/<GIFTI\b/.test(xml)) malformed(path, 'it has no element GIFTI');
  if (!/<\/GIFTI>\s*$/.test(xml)) malformed(path, 'it ends before the element GIFTI does');
  const maps = dataArrays(xml).filter(({ attributes }) => !geometry.includes(attributes.get('Intent') ?? ''));
  if (maps.length === 0) malformed(path, 'it holds no values of vertices (geometry only)');
  const [{ attributes, text }] = maps;
  const count = vertexCount(attributes, path);
  if (attributes.get('Encoding') === 'ASCII') {
    const words = text.trim().split(/\s+/);
    // Text that is no number would become NaN, which is a value of its own.
    const bad = words.find((word) => Number.isNaN(Number(word)) && !/^[+-]?nan$/i.test(word));
    if (bad !== undefined) malformed(path, `"${bad.slice(0, 20)}" is not a number`);
    return sized(Float32Array.from(words, Number), count, path);
  }
  const datatype = niftiDatatype(codes[attributes.get('DataType') ?? ''] ?? -1, path);
  const bytes = unpacked(attributes.get('Encoding'), text, path);
  if (bytes.length !== count * bytesPerVoxel[datatype]) {
    malformed(path, `${bytes.length} bytes are not a map of ${count} vertices of type ${datatype}`);
  }
  const littleEndian = attributes.get('Endian') !== 'BigEndian';
  return decodeVoxels(copied(bytes), { datatype, littleEndian, slope: 1, intercept: 0 }).data;
}

function dataArrays(xml: string): readonly DataArray[] {
  // Outside comments and CDATA, which hold free text only, "<" always begins an element.
  const markup = xml.replaceAll(/<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>/g, '');
  return [...markup.matchAll(/<DataArray\b([^>]*)>([^]*?)<\/DataArray>/g)].map(([, attributes, body]) => ({
    attributes: new Map(
      [...attributes.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(
        ([, name, double, single]: readonly (string | undefined)[]) => [name ?? '', double ?? single ?? ''],
      ),
    ),
    text: /<Data\b[^>]*>([^]*?)<\/Data>/.exec(body)?.[1] ?? '',
  }));
}

/** Maps are vertices, or vertices × 1. */
function vertexCount(attributes: ReadonlyMap<string, string>, path: string): number {
  const axes = Number(attributes.get('Dimensionality'));
  const sizes = Array.from({ length: axes >= 1 && axes <= 6 ? axes : 0 }, (_, axis) =>
    Number(attributes.get(`Dim${axis}`)),
  );
  const [count] = sizes;
  if (!(count > 0) || sizes.slice(1).some((size) => size !== 1)) {
    malformed(path, `its first map has the dimensions ${sizes.join(' × ')} (one value per vertex is read)`);
  }
  return count;
}

function unpacked(encoding: string | undefined, text: string, path: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (encoding === 'Base64Binary') return bytes;
  if (encoding !== 'GZipBase64Binary') {
    throw imageError(
      'unsupported-format',
      path,
      `unsupported encoding: ${path} has its values as ${encoding} (ASCII, Base64Binary and GZipBase64Binary are read)`,
    );
  }
  try {
    return inflateSync(bytes);
  } catch (cause) {
    return malformed(path, 'its values cannot be unpacked', cause);
  }
}

function sized(values: Float32Array, count: number, path: string): Float32Array {
  if (values.length === count) return values;
  return malformed(path, `${values.length} values are not a map of ${count} vertices`);
}

/** The same bytes in memory of their own: small buffers share theirs. */
function copied(bytes: Buffer): ArrayBuffer {
  const own = new ArrayBuffer(bytes.length);
  new Uint8Array(own).set(bytes);
  return own;
}

function malformed(path: string, why: string, cause?: unknown): never {
  throw imageError('malformed-image', path, `invalid GIFTI file: ${path}: ${why} (copy or make it again)`, {
    cause,
  });
}
