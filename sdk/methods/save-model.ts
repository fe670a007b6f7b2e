import { basename } from 'node:path';
import { makeIssue } from '../data/issue';
import type { JsonObject } from '../data/json';
import { suggestName } from '../data/nearest-names';
import type { StoredNetwork } from '../data/networks/stored-network';
import { ConcordError } from '../errors';
import type { StoredModel } from '../io/models/model-file';
import { readModelFile, writeModelFile } from '../io/models/model-file';
import { folderOrFile, readNetworkFolder, writeNetworkFolder } from '../io/networks/network-folder';
import type { WriteFileOptions } from '../io/files/write-file';
import { advise, option } from '../remedy';
import type { AnyModel, FileStorage, FolderStorage, ModelKind } from './method';
import type { ModelByKind } from './methods';
import { modelKinds } from './methods';
import { shortJson } from '../data/short-json';
import { requirePath, requireValueThenPath } from '../io/files/argument-order';
import { requireCall } from '../data/calls/require-call';

/** Every kind of model that can be saved. */
export type Model = ModelByKind[keyof ModelByKind];

/** The model of that kind. */
export type ModelOf<Kind extends keyof ModelByKind> = ModelByKind[Kind];

/**
 * Saves a model under a temporary name, then renames it: ComBat and intensity models as one JSON file, networks as a
 * folder with `model.json` and `weights.safetensors`. A ComBat model of more than 250,000 numbers has its arrays in a
 * safetensors file beside the JSON file, which names it: they are copied together. Every file is sealed: one whose
 * numbers were changed is refused when it is loaded.
 *
 * @param path - the file or folder to write; the folder above it must be there
 * @throws ConcordError `file-exists` when it is there and `overwrite` is not set; `invalid-option` when the model is of
 * no kind that can be saved, or is not whole, or when a network would replace what is not a network; `unwritable-file`.
 *
 * @example
 * ```ts
 * await saveModel(await fitCombat(cohort, { preserve: ['age', 'sex'] }), 'model.json');
 * ```
 */
export async function saveModel<Some extends AnyModel>(
  model: Some,
  path: string,
  options: WriteFileOptions = {},
): Promise<void> {
  requireValueThenPath('saveModel', model, path);
  const { storage, kind } = kindOf(model);
  requireCall('saveModel', { model, path, options });
  if (storage.as === 'folder') {
    return writeNetworkFolder(path, await storedFolder(model, storage), options);
  }
  await writeModelFile(path, storedFile(model, storage, kind), options);
}

/** Refuses what could not be loaded again. */
function kindOf(model: unknown): ModelKind {
  const kind: unknown =
    typeof model === 'object' && model !== null && 'kind' in model ? model.kind : undefined;
  const found = typeof kind === 'string' ? kindNamed(kind) : undefined;
  if (found !== undefined) return found;
  const what = kind === undefined ? 'it has no kind' : `its kind is ${JSON.stringify(kind)}`;
  throw new ConcordError(
    'invalid-option',
    `invalid model: ${what} (models of these kinds can be saved: ${knownKinds()})`,
  );
}

function kindNamed(name: string): ModelKind | undefined {
  return modelKinds().find(({ kind }) => kind === name);
}

function knownKinds(): string {
  return modelKinds()
    .map(({ kind }) => kind)
    .join(', ');
}

function storedFile(model: AnyModel, storage: FileStorage<AnyModel>, kind: string): StoredModel {
  try {
    const stored = storage.toStored(model);
    const description = JSON.parse(JSON.stringify(stored.description)) as JsonObject;
    // What cannot be read is not written.
    fromFile({ description, arrays: stored.arrays }, kind);
    return { description, arrays: stored.arrays };
  } catch (cause) {
    throw notWhole(cause);
  }
}

async function storedFolder(model: AnyModel, storage: FolderStorage<AnyModel>): Promise<StoredNetwork> {
  try {
    const stored = storage.toStored(model);
    // What cannot be read is not written.
    await storage.fromStored(stored);
    return stored;
  } catch (cause) {
    throw notWhole(cause);
  }
}

function notWhole(cause: unknown): ConcordError {
  const said = cause instanceof ConcordError ? cause.problem : String(cause);
  return new ConcordError('invalid-option', `invalid model: ${said.replace('malformed model: ', '')}`, {
    remedy: ['save what fitting or loading returned'],
    cause,
  });
}

/**
 * Loads a model that {@link saveModel} wrote, of the kind that its file or folder says: the same bits. `model.kind` tells
 * the types apart; where only one kind will do, name it. A kind that was added (see `methods.add`) is loaded too, though it
 * is none of these types: `loadAnyModel` has the type for it.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model` when it is damaged, of no kind that this package knows or of a
 * version it cannot read.
 *
 * @example
 * ```ts
 * const model = await loadModel('model.json');
 * if (model.kind === 'combat') await applyCombat(model, cohort);
 * ```
 */
export async function loadModel(path: string): Promise<Model>;
/**
 * Loads a model of the kind named that {@link saveModel} wrote: the same bits.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model` when it is damaged, of another kind or of a version this
 * package cannot read; `invalid-option` for a kind that there is not.
 */
export async function loadModel<Kind extends keyof ModelByKind>(
  path: string,
  kind: Kind,
): Promise<ModelOf<Kind>>;
/** Loads a model of a kind that was added (see `methods.add`). */
export async function loadModel(path: string, kind: string): Promise<AnyModel>;
export async function loadModel(path: string, kind?: string): Promise<AnyModel> {
  requirePath('loadModel', path);
  requireCall('loadModel', { path, kind });
  if (kind === undefined) return load(path, undefined);
  const wanted = kindNamed(kind);
  if (wanted === undefined) {
    const kinds = modelKinds().map((known) => known.kind);
    const hint = suggestName(kind, kinds, `there are ${knownKinds()}`);
    throw new ConcordError('invalid-option', `unknown kind of model: ${JSON.stringify(kind)} (${hint})`);
  }
  return load(path, wanted);
}

/**
 * Loads a model of whatever kind is there, also of one that was added (see `methods.add`): as {@link loadModel} without a
 * kind, with the type that all models have in common.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model` when it is damaged, of no kind that this package knows or
 * of a version it cannot read.
 *
 * @example
 * ```ts
 * const model = await loadAnyModel('harmonized/model.json');
 * console.log(model.kind);
 * ```
 */
export async function loadAnyModel(path: string): Promise<AnyModel> {
  requirePath('loadAnyModel', path);
  requireCall('loadAnyModel', { path });
  return load(path, undefined);
}

async function load(path: string, wanted: ModelKind | undefined): Promise<AnyModel> {
  const found = await folderOrFile(path);
  // A folder holds a network; where nothing is, the reader of what is wanted says so.
  const network = found === 'folder' || (found === undefined && wanted?.storage.as === 'folder');
  try {
    if (!network) return await fileModel(path, wanted?.kind);
    return await fromFolder(await readNetworkFolder(path, { kind: wanted?.kind }), wanted?.kind);
  } catch (cause) {
    if (!(cause instanceof ConcordError) || cause.message.includes(path)) throw cause;
    const { code, problem, remedy } = cause;
    throw new ConcordError(code, `${problem}, in ${path}`, { where: { file: path }, remedy, cause });
  }
}

async function fromFolder(stored: StoredNetwork, wanted: string | undefined): Promise<AnyModel> {
  const { storage } = kindNamed(wanted ?? stored.model.kind) ?? {};
  if (storage?.as === 'folder') return storage.fromStored(stored);
  throw new ConcordError(
    'malformed-model',
    wanted === undefined
      ? `unknown kind of model: ${shortJson(stored.model.kind)} (known are ${knownKinds()})`
      : `another kind of model: it is a network, not "${wanted}"`,
  );
}

/** A model from a file, with a warning where nothing shows whether the file is as it was written. */
async function fileModel(path: string, wanted: string | undefined): Promise<AnyModel> {
  const { sealed, ...stored } = await readModelFile(path);
  const model = fromFile(stored, wanted);
  if (sealed) return model;
  const file = basename(path);
  const what = `${file} has no seal, like model files of earlier versions: a changed number in it would go unnoticed`;
  return { ...model, issues: [makeIssue('unsealed-model', what, { file }), ...model.issues] };
}

function fromFile(stored: StoredModel, wanted: string | undefined): AnyModel {
  const said = stored.description['kind'];
  const found = typeof said === 'string' ? kindNamed(said)?.kind : undefined;
  if (found !== undefined && wanted !== undefined && found !== wanted) {
    throw new ConcordError('malformed-model', `another kind of model: it holds "${found}", not "${wanted}"`, {
      remedy: advise`use ${option('kind', found)}`,
    });
  }
  const { storage } = kindNamed(found ?? '') ?? {};
  if (storage?.as === 'file') return storage.fromStored(stored);
  const what = `malformed model: its kind is ${shortJson(said)}`;
  throw new ConcordError(
    'malformed-model',
    wanted === undefined ? `${what} (known are ${knownKinds()})` : `${what}, not "${wanted}"`,
  );
}
