import { join } from 'node:path';
import type { CohortSource } from '../../data/images/slice-source';
import { requirePositions } from '../../data/images/slice-source';
import { ConcordError } from '../../errors';
import { readJsonFile, unreadableFile } from '../files/read-file';
import type { ImagesRecord } from './images-json';
import { imagesFromJson } from './images-json';
import type { OpenNpy } from './npy';
import { openNpy, readFully } from './npy';
import { imageFiles } from './save-images';
import { requirePath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';

/** Images in a folder, read from there when they are needed. */
export interface OpenImages extends CohortSource {
  /** Closes the file; nothing can be read after that. */
  close(): Promise<void>;
}

/**
 * Opens slices that `saveImages` wrote without loading them, to train on more images than fit into memory: the record
 * of what they show is read now, pixels when they are asked for.
 *
 * @throws ConcordError `unreadable-file`; `malformed-image` when a file is damaged, does not fit the others, or is of a
 * later version. Reading throws `unreadable-file`, and `invalid-option` for images that are not there.
 *
 * @example
 * ```ts
 * const images = await networks.openImages('slices');
 * // … train on them
 * await images.close();
 * ```
 */
export async function openImages(folder: string): Promise<OpenImages> {
  requirePath('networks.openImages', folder);
  requireCall('networks.openImages', { folder });
  const path = join(folder, imageFiles.record);
  const record = recordOf(await readJsonFile(path, { malformed: 'malformed-image' }), path);
  const { participants, subjects, suffixes, slices, provenance, issues } = record;
  const [count, ...shape] = record.shape;
  const dataPath = join(folder, imageFiles.data);
  const npy = await openNpy(dataPath, 'float32', record.shape);
  const size = shape[0] * shape[1] * shape[2];
  let closed = false;
  return {
    kind: 'image-source',
    participants,
    subjects,
    suffixes,
    slices,
    provenance,
    issues,
    count,
    shape,
    read: async (positions) => {
      requirePositions(positions, count);
      const data = new Float32Array(positions.length * size);
      if (closed) throw unreadableFile(dataPath, new Error('it was closed, and has to be opened again'));
      await readImages(npy, dataPath, { positions, data, size });
      return data;
    },
    close: async () => {
      closed = true;
      await npy.file.close();
    },
  };
}

function recordOf(json: unknown, path: string): ImagesRecord {
  try {
    return imagesFromJson(json);
  } catch (cause) {
    if (!(cause instanceof ConcordError)) throw cause;
    throw new ConcordError('malformed-image', `${cause.problem} (${path})`, {
      where: { file: path },
      remedy: cause.remedy,
      cause,
    });
  }
}

/** Reads images at their positions; neighbors in a row with one call. */
async function readImages(
  npy: OpenNpy,
  path: string,
  wanted: { readonly positions: ArrayLike<number>; readonly data: Float32Array; readonly size: number },
): Promise<void> {
  const { positions, data, size } = wanted;
  const reads: Promise<boolean>[] = [];
  for (let from = 0, to = 1; from < positions.length; from = to++) {
    while (to < positions.length && positions[to] === positions[to - 1] + 1) to++;
    const bytes = new Uint8Array(data.buffer, 4 * from * size, 4 * (to - from) * size);
    reads.push(readFully(npy.file, bytes, npy.start + 4 * positions[from] * size));
  }
  const whole = await Promise.all(reads).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  if (whole.includes(false)) throw unreadableFile(path, new Error('it became shorter while it was open'));
}
