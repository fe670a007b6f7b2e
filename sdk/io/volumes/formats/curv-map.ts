import { imageError } from '../image-error';

/** The first three bytes of the binary format that FreeSurfer writes since 2001; before they held the vertex count. */
const newMagic = 0xffffff;

/**
 * Reads a map of one value per vertex in FreeSurfer's curvature format, such as `lh.thickness`: big endian, either 32-bit
 * floats or, in old files, hundredths as 16-bit integers.
 *
 * Source: the layout as FreeSurfer's MRISreadCurvatureFile and its MATLAB read_curv read it.
 *
 * @throws ConcordError `malformed-image`; `unsupported-format` when it holds several values per vertex.
 */
export function parseCurvMap(bytes: Buffer, path: string): Float32Array {
  const malformed = (what: string): never => {
    throw imageError('malformed-image', path, `${what} (copy it again, or make it again with FreeSurfer)`);
  };
  const first = bytes.length < 6 ? 0 : bytes.readUIntBE(0, 3);
  const isNew = first === newMagic;
  if (bytes.length < (isNew ? 15 : 6)) malformed(`truncated map: ${path} has ${bytes.length} bytes`);
  const count = isNew ? bytes.readInt32BE(3) : first;
  const start = isNew ? 15 : 6;
  const width = isNew ? 4 : 2;
  if (isNew && bytes.readInt32BE(11) !== 1) {
    throw imageError(
      'unsupported-format',
      path,
      `unsupported map: ${path} holds ${bytes.readInt32BE(11)} values per vertex (one is read)`,
    );
  }
  if (!(count > 0) || start + count * width !== bytes.length) {
    malformed(
      `invalid map: ${path} has ${bytes.length} bytes, which is not a map of ${count} vertices in FreeSurfer's curvature ` +
        `format (${start + count * width} bytes)`,
    );
  }
  const values = new Float32Array(count);
  for (let vertex = 0; vertex < count; vertex++) {
    const at = start + width * vertex;
    values[vertex] = isNew ? bytes.readFloatBE(at) : bytes.readInt16BE(at) / 100;
  }
  return values;
}
