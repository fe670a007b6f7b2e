import { combatModelFromJson, combatModelToJson } from './combat/combat-model-json';
import type { CombatModel } from './combat/combat-model';
import type { JsonObject } from './data/json';
import { ConcordError } from './errors';
import type { LearntIntensityModel } from './intensity/intensity-model-json';
import { intensityModelFromJson, intensityModelToJson } from './intensity/intensity-model-json';
import { readJsonFile } from './io/read-file';
import type { WriteFileOptions } from './io/write-file';
import { writeFileSafely } from './io/write-file';

/** Every kind of model that can be saved. */
export type Model = CombatModel | LearntIntensityModel;

/** The model of that kind. */
export type ModelOf<Kind extends Model['kind']> = Extract<Model, { readonly kind: Kind }>;

const kinds: readonly Model['kind'][] = ['combat', 'nyul', 'histogram-matching'];

/**
 * Saves a model as one JSON file: under a temporary name, then renamed.
 *
 * @param path - the file to write; its folder must be there
 * @throws ConcordError `file-exists` when it is there and `overwrite` is not set; `unwritable-file`.
 */
export async function saveModel(model: Model, path: string, options: WriteFileOptions = {}): Promise<void> {
  const json = model.kind === 'combat' ? combatModelToJson(model) : intensityModelToJson(model);
  await writeFileSafely(path, `${JSON.stringify(json)}\n`, options);
}

/**
 * Loads a model of ComBat that {@link saveModel} wrote: the same bits.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model` when it is damaged, of another kind or of a version this
 * package cannot read.
 */
export async function loadModel(path: string): Promise<CombatModel>;
/**
 * Loads a model of the kind named that {@link saveModel} wrote: the same bits.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model` when it is damaged, of another kind or of a version this
 * package cannot read.
 */
export async function loadModel<Kind extends Model['kind']>(path: string, kind: Kind): Promise<ModelOf<Kind>>;
export async function loadModel(path: string, kind: Model['kind'] = 'combat'): Promise<Model> {
  const json = await readJsonFile(path);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ConcordError('malformed-model', `malformed model: ${path} does not hold a JSON object`, {
      where: { file: path },
    });
  }
  try {
    return modelFromJson(json as JsonObject, kind);
  } catch (cause) {
    if (!(cause instanceof ConcordError)) throw cause;
    throw new ConcordError(cause.code, `${cause.message} (${path})`, { where: { file: path }, cause });
  }
}

function modelFromJson(json: JsonObject, wanted: Model['kind']): Model {
  const kind = kinds.find((known) => known === json['kind']);
  if (kind !== undefined && kind !== wanted) {
    throw new ConcordError(
      'malformed-model',
      `another kind of model: it holds "${kind}", not "${wanted}" (load it with loadModel(path, '${kind}'))`,
    );
  }
  if (wanted === 'combat') return combatModelFromJson(json);
  if (kind === undefined) {
    throw new ConcordError(
      'malformed-model',
      `malformed model: its kind is ${JSON.stringify(json['kind'])}, not "${wanted}"`,
    );
  }
  return intensityModelFromJson(json);
}
