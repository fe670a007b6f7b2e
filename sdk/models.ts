import { combatModelFromJson, combatModelToJson } from './combat/combat-model-json';
import type { CombatModel } from './combat/combat-model';
import type { DdaeModel } from './ddae/ddae-model';
import { ddaeFromStored, ddaeToStored } from './ddae/ddae-stored';
import type { JsonObject } from './data/json';
import type { StoredNetwork } from './data/stored-network';
import { ConcordError } from './errors';
import type { LearntIntensityModel } from './intensity/intensity-model-json';
import { intensityModelFromJson, intensityModelToJson } from './intensity/intensity-model-json';
import { isFolder, readNetworkFolder, writeNetworkFolder } from './io/networks/network-folder';
import { readJsonFile } from './io/read-file';
import type { WriteFileOptions } from './io/write-file';
import { writeFileSafely } from './io/write-file';
import type { MurdModel } from './murd/murd-model';
import { murdFromStored, murdToStored } from './murd/murd-stored';
import type { AutoencoderModel } from './nn/autoencoder/autoencoder-model';
import { autoencoderFromStored, autoencoderToStored } from './nn/autoencoder/autoencoder-stored';

/** The models that are networks: a folder each. */
export type NetworkModel = AutoencoderModel | DdaeModel | MurdModel;

/** Every kind of model that can be saved. */
export type Model = CombatModel | LearntIntensityModel | NetworkModel;

/** The model of that kind. */
export type ModelOf<Kind extends Model['kind']> = Extract<Model, { readonly kind: Kind }>;

type FileKind = Exclude<Model, NetworkModel>['kind'];

const fileKinds: readonly FileKind[] = ['combat', 'nyul', 'histogram-matching'];

/** How each kind of network is taken apart and put together. */
const networks: {
  readonly [Kind in NetworkModel['kind']]: {
    readonly toStored: (model: ModelOf<Kind>) => StoredNetwork;
    readonly fromStored: (stored: StoredNetwork) => ModelOf<Kind>;
  };
} = {
  autoencoder: {
    toStored: autoencoderToStored,
    fromStored: autoencoderFromStored,
  },
  ddae: { toStored: ddaeToStored, fromStored: ddaeFromStored },
  murd: { toStored: murdToStored, fromStored: murdFromStored },
};

function isNetworkKind(kind: string): kind is NetworkModel['kind'] {
  return Object.hasOwn(networks, kind);
}

function storedOf<Kind extends NetworkModel['kind']>(kind: Kind, model: ModelOf<Kind>): StoredNetwork {
  return networks[kind].toStored(model);
}

function isNetwork(model: Model): model is NetworkModel {
  return isNetworkKind(model.kind);
}

/**
 * Saves a model under a temporary name, then renames it: ComBat and intensity models as one JSON file, networks as a
 * folder with `model.json` and `weights.safetensors`.
 *
 * @param path - the file or folder to write; the folder above it must be there
 * @throws ConcordError `file-exists` when it is there and `overwrite` is not set; `invalid-option` when a network would
 * replace what is not a network; `unwritable-file`.
 */
export async function saveModel(model: Model, path: string, options: WriteFileOptions = {}): Promise<void> {
  if (isNetwork(model)) return writeNetworkFolder(path, storedOf(model.kind, model), options);
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
  const folder = await isFolder(path);
  // A folder holds a network; where nothing is, the reader of what is wanted says so.
  const stored =
    folder || (isNetworkKind(kind) && folder === undefined)
      ? await readNetworkFolder(path, { kind })
      : undefined;
  const json = stored === undefined ? await readJsonFile(path) : undefined;
  try {
    if (stored === undefined) return modelFromJson(json, kind);
    if (isNetworkKind(kind)) return networks[kind].fromStored(stored);
    throw new ConcordError('malformed-model', `another kind of model: it is a network, not "${kind}"`);
  } catch (cause) {
    if (!(cause instanceof ConcordError)) throw cause;
    throw new ConcordError(cause.code, `${cause.message} (${path})`, {
      where: { file: path },
      cause,
    });
  }
}

function modelFromJson(json: unknown, wanted: Model['kind']): Model {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ConcordError('malformed-model', 'malformed model: it does not hold a JSON object');
  }
  const record = json as JsonObject;
  if (record['format'] === 'concord-network') {
    throw new ConcordError(
      'malformed-model',
      `malformed model: it is one file of a network (load its folder, not the file in it)`,
    );
  }
  const kind = fileKinds.find((known) => known === record['kind']);
  if (kind !== undefined && kind !== wanted) {
    throw new ConcordError(
      'malformed-model',
      `another kind of model: it holds "${kind}", not "${wanted}" (load it with loadModel(path, '${kind}'))`,
    );
  }
  if (wanted === 'combat') return combatModelFromJson(record);
  if (kind === undefined) {
    throw new ConcordError(
      'malformed-model',
      `malformed model: its kind is ${JSON.stringify(record['kind'])}, not "${wanted}"`,
    );
  }
  return intensityModelFromJson(record);
}
