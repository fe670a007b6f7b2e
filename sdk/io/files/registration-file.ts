import type { AffineRegistration } from '../../data/images/affine-registration';
import { registrationFromJson, registrationToJson } from '../../data/images/affine-registration';
import { ConcordError } from '../../errors';
import { mostSidecar, readJsonFile } from './read-file';
import type { WriteFileOptions } from './write-file';
import { writeFileSafely } from './write-file';
import { requirePath, requireValueThenPath } from './argument-order';
import { requireCall } from '../../data/calls/require-call';

/**
 * Saves a registration as a JSON file: under a temporary name, then renamed.
 *
 * @param path - the file to write; its folder must be there
 * @throws ConcordError `file-exists` when it is there and `overwrite` is not set; `unwritable-file`.
 */
export async function saveRegistration(
  registration: AffineRegistration,
  path: string,
  options: WriteFileOptions = {},
): Promise<void> {
  requireValueThenPath('registrations.save', registration, path);
  requireCall('registrations.save', { registration, path, options });
  await writeFileSafely(path, `${JSON.stringify(registrationToJson(registration), undefined, 2)}\n`, options);
}

/**
 * Loads a registration that {@link saveRegistration} wrote: the same bits.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model` when it is damaged or another kind of file.
 */
export async function loadRegistration(path: string): Promise<AffineRegistration> {
  requirePath('registrations.load', path);
  requireCall('registrations.load', { path });
  const json = await readJsonFile(path, { most: mostSidecar });
  try {
    return registrationFromJson(json);
  } catch (cause) {
    if (!(cause instanceof ConcordError)) throw cause;
    throw new ConcordError(cause.code, `${cause.problem} (${path})`, {
      where: { file: path },
      remedy: cause.remedy,
      cause,
    });
  }
}
