import { readFile } from 'node:fs/promises';
import { fileSize, readTextFile, unreadableFile } from '../files/read-file';
import { parseCurvMap } from './formats/curv-map';
import { parseGiftiMap } from './formats/gifti-map';
import { imageError } from './image-error';
import { readFrame } from './read-frame';
import { requirePath } from '../files/argument-order';

/**
 * Reads a map of one value per vertex of a surface: GIFTI (`.gii`), MGH or MGZ, and FreeSurfer's curvature format (any
 * other name, such as `lh.thickness`). Of several maps in a file the first is read.
 *
 * @returns one value per vertex; NaN where there is none
 * @throws ConcordError `unreadable-file`, `malformed-image`, `unsupported-format`; `invalid-voxels` when a value is
 * infinite.
 */
export async function readSurfaceMap(path: string): Promise<Float32Array> {
  requirePath('surfaces.readMap', path);
  const values = await readValues(path);
  const bad = values.findIndex((value) => value === Infinity || value === -Infinity);
  if (bad === -1) return values;
  throw imageError(
    'invalid-voxels',
    path,
    `invalid value: vertex ${bad} of ${path} is ${values[bad]} (a number, or NaN where there is none, is allowed)`,
  );
}

async function readValues(path: string): Promise<Float32Array> {
  if (/\.gii$/i.test(path)) return parseGiftiMap(await readTextFile(path), path);
  if (/\.mg[hz]$/i.test(path)) return (await readFrame(path, 0)).data;
  await fileSize(path);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  return parseCurvMap(bytes, path);
}
