import { imageError } from '../volumes/image-error';
import { mghHeaderBytes, parseMghHeader } from '../volumes/formats/mgh-header';
import { frameBytes } from '../volumes/formats/image-layout';
import { openSurfaceMap } from '../volumes/surfaces/read-surface-map';
import { floatBytes } from './float-bytes';
import type { MapFormat, MapValues } from './map-format';
import { wholeFile, writeAsPacked } from './whole-file';
import { giftiLike } from './gifti-like';

/** FreeSurfer's code for 32-bit floats. */
const float32 = 3;

/** MGH and MGZ: header, values, and what FreeSurfer writes after them (scan parameters, command lines). */
export const mghFormat: MapFormat = {
  name: 'MGH',
  is: (path) => /\.mg[hz](\.gz)?$/i.test(path),
  read: readOneMap,
  async write(values, path, like) {
    const { bytes, packed } = await wholeFile(like);
    const layout = parseMghHeader(bytes.subarray(0, mghHeaderBytes), like);
    const after = bytes.subarray(mghHeaderBytes + frameBytes(layout) * layout.header.frames);
    const header = Buffer.from(bytes.subarray(0, mghHeaderBytes));
    header.writeInt32BE(1, 16);
    // Harmonized values are no whole numbers, whatever they were before.
    header.writeInt32BE(float32, 20);
    await writeAsPacked(path, Buffer.concat([header, floatBytes(values, 4, false), after]), packed);
  },
};

/** GIFTI: its text with other values in the one array of values. */
export const giftiFormat: MapFormat = {
  name: 'GIFTI',
  is: (path) => /\.gii(\.gz)?$/i.test(path),
  read: readOneMap,
  async write(values, path, like) {
    const { packed } = await wholeFile(like);
    await writeAsPacked(path, Buffer.from(await giftiLike(like, values)), packed);
  },
};

/** FreeSurfer's curvature format in its newer form: old files hold hundredths, into which values would be rounded. */
export const curvFormat: MapFormat = {
  name: "FreeSurfer's curvature format",
  is: () => true,
  read: readOneMap,
  async write(values, path, like) {
    const { bytes, packed } = await wholeFile(like);
    const header = Buffer.alloc(15);
    const isNew = bytes.readUIntBE(0, 3) === 0xffffff;
    if (isNew) bytes.copy(header, 0, 0, 15);
    else {
      header.writeUIntBE(0xffffff, 0, 3);
      header.writeInt32BE(values.length, 3);
      // Faces: the number in old files, which have the same place for it.
      header.writeInt32BE(bytes.readUIntBE(3, 3), 7);
      header.writeInt32BE(1, 11);
    }
    await writeAsPacked(path, Buffer.concat([header, floatBytes(values, 4, false)]), packed);
  },
};

/** What is harmonized is written again: of a file with several maps, the others would be lost or left as they were. */
async function readOneMap(path: string): Promise<MapValues> {
  const { values, isSparse, maps } = await openSurfaceMap(path);
  if (maps > 1) {
    throw imageError(
      'unsupported-format',
      path,
      `unsupported map: ${path} holds ${maps} maps (give files with one map each)`,
    );
  }
  if (!isSparse) return values;
  throw imageError(
    'unsupported-format',
    path,
    `unsupported map: ${path} lists the vertices that it has values of, and does not say how many there are (write it with a value for every vertex)`,
  );
}
