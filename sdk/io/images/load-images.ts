import { join } from 'node:path';
import type { ImageCohort } from '../../data/cohort';
import { makeImageCohort } from '../../data/cohort';
import { makeImageSet } from '../../data/images/image-set';
import { ConcordError } from '../../errors';
import { readJsonFile } from '../files/read-file';
import { imagesFromJson } from './images-json';
import { readNpy } from './npy';
import { imageFiles } from './save-images';
import { requirePath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';

/**
 * Loads slices that {@link saveImages} wrote: the same bits.
 *
 * @throws ConcordError `unreadable-file`; `malformed-image` when a file is damaged, does not fit the others, or is of a
 * later version.
 *
 * @example
 * ```ts
 * const cohort = await loadImages('slices/');
 * ```
 */
export async function loadImages(folder: string): Promise<ImageCohort> {
  requirePath('loadImages', folder);
  requireCall('loadImages', { folder });
  const path = join(folder, imageFiles.record);
  const json = await readJsonFile(path, { malformed: 'malformed-image' });
  try {
    const record = imagesFromJson(json);
    const { shape, masked, slices, participants, subjects, suffixes, provenance, issues } = record;
    const data = await readNpy(join(folder, imageFiles.data), 'float32', shape);
    const mask = masked
      ? await readNpy(join(folder, imageFiles.mask), 'uint8', shape.slice(0, 3))
      : undefined;
    const images = makeImageSet(data as Float32Array, shape, {
      slices,
      mask: mask as Uint8Array | undefined,
    });
    return makeImageCohort(participants, images, { subjects, suffixes, provenance, issues });
  } catch (cause) {
    if (!(cause instanceof ConcordError) || cause.where.file !== undefined) throw cause;
    throw new ConcordError('malformed-image', `${cause.problem} (${path})`, {
      where: { file: path },
      remedy: cause.remedy,
      cause,
    });
  }
}
