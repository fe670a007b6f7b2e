import type { ImageBytes } from '../image-bytes';
import { imageError } from '../image-error';

/** The first three bytes of the binary format that FreeSurfer writes since 2001; before they held the vertex count. */
const newMagic = 0xffffff;

/**
 * Reads a map of one value per vertex in FreeSurfer's curvature format, such as `lh.thickness`: big endian, either 32-bit
 * floats or, in old files, hundredths as 16-bit integers. Room is made only for as many vertices as the file can hold.
 *
 * Source: the layout as FreeSurfer's MRISreadCurvatureFile and its MATLAB read_curv read it.
 *
 * @throws ConcordError `malformed-image`; `unsupported-format` when it holds several values per vertex.
 */
export async function readCurvMap(file: ImageBytes): Promise<Float32Array> {
  const { path, most } = file;
  const malformed = (what: string): never => {
    throw imageError('malformed-image', path, `${what} (copy it again, or make it again with FreeSurfer)`);
  };
  const head = await file.head(15);
  const first = head.length < 6 ? 0 : head.readUIntBE(0, 3);
  const isNew = first === newMagic;
  if (head.length < (isNew ? 15 : 6)) malformed(`truncated map: ${path} has ${head.length} bytes`);
  const count = isNew ? head.readInt32BE(3) : first;
  const start = isNew ? 15 : 6;
  const width = isNew ? 4 : 2;
  if (isNew && head.readInt32BE(11) !== 1) {
    throw imageError(
      'unsupported-format',
      path,
      `unsupported map: ${path} holds ${head.readInt32BE(11)} values per vertex (one is read)`,
    );
  }
  const needed = start + count * width;
  const wrongSize = (there: string): never =>
    malformed(
      `invalid map: ${path} has ${there} bytes, which is not a map of ${count} vertices in FreeSurfer's curvature ` +
        `format (${needed} bytes)`,
    );
  if (!(count > 0) || needed > most) wrongSize(`at most ${most}`);
  // One byte more, which must not be there.
  const bytes = Buffer.alloc(count * width + 1);
  const there = await file.fill(bytes, start);
  if (there !== count * width)
    wrongSize(there < bytes.length ? String(start + there) : `more than ${needed}`);
  await file.finish(needed);
  const values = new Float32Array(count);
  for (let vertex = 0; vertex < count; vertex++) {
    values[vertex] = isNew ? bytes.readFloatBE(width * vertex) : bytes.readInt16BE(width * vertex) / 100;
  }
  return values;
}
