import { combatModelFromJson, combatModelToJson } from './combat/combat-model-json';
import type { CombatModel } from './combat/combat-model';
import type { JsonObject } from './data/json';
import { ConcordError } from './errors';
import { readJsonFile } from './io/read-file';
import type { WriteFileOptions } from './io/write-file';
import { writeFileSafely } from './io/write-file';

/** Every kind of model that can be saved. */
export type Model = CombatModel;

/**
 * Saves a model as one JSON file: under a temporary name, then renamed.
 *
 * @param path - the file to write; its folder must be there
 * @throws ConcordError `file-exists` when it is there and `overwrite` is not set; `unwritable-file`.
 */
export async function saveModel(model: Model, path: string, options: WriteFileOptions = {}): Promise<void> {
  await writeFileSafely(path, `${JSON.stringify(combatModelToJson(model))}\n`, options);
}

/**
 * Loads a model that {@link saveModel} wrote: the same bits.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model` when it is damaged, of an unknown kind or of a version
 * this package cannot read.
 */
export async function loadModel(path: string): Promise<Model> {
  const json = await readJsonFile(path);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ConcordError('malformed-model', `malformed model: ${path} does not hold a JSON object`, {
      where: { file: path },
    });
  }
  try {
    return combatModelFromJson(json as JsonObject);
  } catch (cause) {
    if (!(cause instanceof ConcordError)) throw cause;
    throw new ConcordError(cause.code, `${cause.message} (${path})`, { where: { file: path }, cause });
  }
}
