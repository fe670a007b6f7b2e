import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageCohort } from '../../data/cohort';
import { ConcordError } from '../../errors';
import { removeLeftovers } from '../networks/replace-folder';
import { temporaryBeside } from '../files/temporary-names';
import type { WriteFileOptions } from '../files/write-file';
import { isThere, requireAbsent, unwritableFile } from '../files/write-file';
import { imagesToJson } from './images-json';
import { writeNpy } from './npy';
import { advise } from '../../remedy';
import { requireValueThenPath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';

/** The files of a folder of images. */
export const imageFiles = { data: 'images.npy', mask: 'mask.npy', record: 'images.json' } as const;

/**
 * Saves slices as a folder of three files: `images.npy` (images × rows × columns × channels, float32) and `mask.npy`
 * (images × rows × columns), which `numpy.load` opens, and `images.json`: participants, what each image shows, and how
 * all was made. The folder appears whole or not at all.
 *
 * @param folder - a new folder, in a folder that is there
 * @throws ConcordError `file-exists` when it is there and `overwrite` is not set; `invalid-option` when what is there
 * is something else than such a folder; `unwritable-file`.
 *
 * @example
 * ```ts
 * await saveImages(after, 'slices/');
 * ```
 */
export async function saveImages(
  cohort: ImageCohort,
  folder: string,
  options: WriteFileOptions = {},
): Promise<void> {
  requireValueThenPath('saveImages', cohort, folder);
  requireCall('saveImages', { cohort, folder, options });
  const replaces = await isThere(folder);
  if (options.overwrite !== true) await requireAbsent(folder);
  else if (replaces) await requireImagesFolder(folder);
  const temporary = await temporaryBeside(folder);
  try {
    await mkdir(temporary);
    await fill(cohort, temporary);
    await putInPlace(temporary, folder, replaces);
    await removeLeftovers(folder, Object.values(imageFiles));
  } catch (cause) {
    throw cause instanceof ConcordError ? cause : unwritableFile(folder, cause);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function fill(cohort: ImageCohort, folder: string): Promise<void> {
  const { data, mask, shape } = cohort.images;
  await writeNpy(join(folder, imageFiles.data), data, shape);
  if (mask !== undefined) await writeNpy(join(folder, imageFiles.mask), mask, shape.slice(0, 3));
  await writeFile(join(folder, imageFiles.record), `${JSON.stringify(imagesToJson(cohort))}\n`, {
    flag: 'wx',
  });
}

async function putInPlace(temporary: string, folder: string, replaces: boolean): Promise<void> {
  if (!replaces) return rename(temporary, folder);
  // The old folder steps aside first and goes only when the new one is in place.
  const old = `${temporary}.old`;
  await rename(folder, old);
  try {
    await rename(temporary, folder);
  } catch (cause) {
    await rename(old, folder);
    throw cause;
  }
  await rm(old, { recursive: true, force: true });
}

/** Refuses to replace a folder that is not one of images: it may hold anything. */
async function requireImagesFolder(folder: string): Promise<void> {
  if (await isThere(join(folder, imageFiles.record))) return;
  throw new ConcordError(
    'invalid-option',
    `cannot replace ${folder}: it is not a folder of images that Concord wrote`,
    { where: { file: folder }, remedy: advise`choose another name` },
  );
}
