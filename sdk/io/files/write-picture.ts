import type { Picture } from '../../data/images/picture';
import { ConcordError } from '../../errors';
import type { WriteFileOptions } from './write-file';
import { writeFileSafely } from './write-file';
import { requireValueThenPath } from './argument-order';
import { requireCall } from '../../data/calls/require-call';

/**
 * Writes a picture as a PNG file, whole or not at all.
 *
 * @param path - ends in `.png`
 * @throws ConcordError `unsupported-format` for another ending; `file-exists` when the file is there and `overwrite` is
 * not set; `unwritable-file`.
 *
 * @example
 * ```ts
 * await writePicture(montage(cohort), 'slices.png');
 * ```
 */
export async function writePicture(
  picture: Picture,
  path: string,
  options: WriteFileOptions = {},
): Promise<void> {
  requireValueThenPath('writePicture', picture, path);
  requireCall('writePicture', { picture, path, options });
  if (!/\.png$/i.test(path)) {
    throw new ConcordError(
      'unsupported-format',
      `unsupported picture format: ${path} (the name must end in .png)`,
      {
        where: { file: path },
      },
    );
  }
  await writeFileSafely(path, picture.png, options);
}
