import { basename } from 'node:path';
import { imageError } from '../volumes/image-error';
import { mghHeaderBytes, parseMghHeader } from '../volumes/formats/mgh-header';
import { frameBytes } from '../volumes/formats/image-layout';
import { fileSize } from '../files/read-file';
import { headerChunk, openImageBytes } from '../volumes/open-image-bytes';
import { readFrame } from '../volumes/read-frame';
import { openSurfaceMap } from '../volumes/surfaces/read-surface-map';
import { floatBytes } from './float-bytes';
import type { MapFormat, NotedMap, StackFormat } from './map-format';
import { isPacked, wholeFile, writeAsPacked } from './whole-file';
import { giftiLike } from './gifti-like';

/** FreeSurfer's code for 32-bit floats. */
const float32 = 3;

/** Maps as the frames of one MGH file, as mris_preproc and mri_concat of FreeSurfer write them. */
const mghStacks: StackFormat = {
  async open(path) {
    if (await isPacked(path)) {
      throw imageError(
        'unsupported-format',
        path,
        `unsupported stack: ${path} is packed, and a map within it cannot be read alone ` +
          `(unpack it, gunzip -c ${basename(path)} > ${unpackedName(path)}, and name ${unpackedName(path)} for every scan)`,
      );
    }
    const { values, maps } = await openSurfaceMap(path);
    const { header, after } = await mghAround(path);
    header.writeInt32BE(float32, 20);
    return { frames: maps, vertices: values.length, before: header, after, width: 4, littleEndian: false };
  },
  read: async (path, frame) => (await readFrame(path, frame)).data,
};

/** `lh.mgh` of `lh.mgz` or `lh.mgh.gz`. */
function unpackedName(path: string): string {
  return `${basename(path).replace(/(?:\.mgh)?\.gz$|\.mgz$/i, '')}.mgh`;
}

/** MGH and MGZ: header, values, and what FreeSurfer writes after them (scan parameters, command lines). */
export const mghFormat: MapFormat = {
  name: 'MGH',
  is: (path) => /\.mg[hz](\.gz)?$/i.test(path),
  read: readOneMap,
  async write(values, path, like) {
    const { header, after, packed } = await mghAround(like);
    header.writeInt32BE(1, 16);
    // Harmonized values are no whole numbers, whatever they were before.
    header.writeInt32BE(float32, 20);
    await writeAsPacked(path, [header, floatBytes(values, 4, false), after], packed);
  },
  stacks: mghStacks,
};

/** What is before and after the values of a file: of one that is not packed, no more than that is read. */
async function mghAround(
  path: string,
): Promise<{ readonly header: Buffer; readonly after: Buffer; readonly packed: boolean }> {
  const start = await openImageBytes(path, headerChunk);
  try {
    const header = Buffer.from(await start.head(mghHeaderBytes));
    const layout = parseMghHeader(header, path);
    const end = mghHeaderBytes + frameBytes(layout) * layout.header.frames;
    if ((await fileSize(path)) === start.most) {
      const after = Buffer.alloc(Math.max(0, start.most - end));
      await start.fill(after, end);
      return { header, after, packed: false };
    }
    const { bytes } = await wholeFile(path);
    return { header, after: bytes.subarray(end), packed: true };
  } finally {
    await start.close();
  }
}

/** GIFTI: its text with other values in the one array of values. */
export const giftiFormat: MapFormat = {
  name: 'GIFTI',
  is: (path) => /\.gii(\.gz)?$/i.test(path),
  read: readOneMap,
  async write(values, path, like) {
    const { packed } = await wholeFile(like);
    await writeAsPacked(path, [Buffer.from(await giftiLike(like, values))], packed);
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
    await writeAsPacked(path, [header, floatBytes(values, 4, false)], packed);
  },
};

/** What is harmonized is written again: of a file with several maps, the others would be lost or left as they were. */
async function readOneMap(path: string): Promise<NotedMap> {
  const { values, isSparse, maps, notes } = await openSurfaceMap(path);
  if (maps > 1) {
    throw imageError(
      'unsupported-format',
      path,
      `unsupported map: ${path} holds ${maps} maps (give files with one map each, or all maps of the study in one file, as MGH or .npy)`,
    );
  }
  if (!isSparse) return { values, notes };
  throw imageError(
    'unsupported-format',
    path,
    `unsupported map: ${path} lists the vertices that it has values of, and does not say how many there are (write it with a value for every vertex)`,
  );
}
