import { basename } from 'node:path';
import { combatModelFromJson, combatModelToStored } from './combat/combat-model-json';
import type { CombatModel } from './combat/combat-model';
import type { DdaeModel } from './ddae/ddae-model';
import { makeIssue } from './data/issue';
import type { JsonObject } from './data/json';
import type { StoredNetwork } from './data/stored-network';
import { ConcordError } from './errors';
import type { LearntIntensityModel } from './intensity/intensity-model-json';
import { intensityModelFromJson, intensityModelToJson } from './intensity/intensity-model-json';
import { isFolder, readNetworkFolder, writeNetworkFolder } from './io/networks/network-folder';
import type { StoredModel } from './io/models/model-file';
import { readModelFile, writeModelFile } from './io/models/model-file';
import type { WriteFileOptions } from './io/write-file';
import { advise, option } from './remedy';
import type { MurdModel } from './murd/murd-model';
import type { AutoencoderModel } from './nn/autoencoder/autoencoder-model';

/** The models that are networks: a folder each. */
export type NetworkModel = AutoencoderModel | DdaeModel | MurdModel;

/** Every kind of model that can be saved. */
export type Model = CombatModel | LearntIntensityModel | NetworkModel;

/** The model of that kind. */
export type ModelOf<Kind extends Model['kind']> = Extract<Model, { readonly kind: Kind }>;

type FileKind = Exclude<Model, NetworkModel>['kind'];

const fileKinds: readonly FileKind[] = ['combat', 'nyul', 'histogram-matching'];

/**
 * How each kind of network is taken apart and put together. Each is loaded when it is needed: with the networks comes
 * TensorFlow.js, and tables should not wait for it.
 */
const networks: {
  readonly [Kind in NetworkModel['kind']]: () => Promise<{
    readonly toStored: (model: ModelOf<Kind>) => StoredNetwork;
    readonly fromStored: (stored: StoredNetwork) => ModelOf<Kind>;
  }>;
} = {
  async autoencoder() {
    const { autoencoderFromStored, autoencoderToStored } =
      await import('./nn/autoencoder/autoencoder-stored.js');
    return { toStored: autoencoderToStored, fromStored: autoencoderFromStored };
  },
  async ddae() {
    const { ddaeFromStored, ddaeToStored } = await import('./ddae/ddae-stored.js');
    return { toStored: ddaeToStored, fromStored: ddaeFromStored };
  },
  async murd() {
    const { murdFromStored, murdToStored } = await import('./murd/murd-stored.js');
    return { toStored: murdToStored, fromStored: murdFromStored };
  },
};

function isNetworkKind(kind: string): kind is NetworkModel['kind'] {
  return Object.hasOwn(networks, kind);
}

async function storedOf<Kind extends NetworkModel['kind']>(
  kind: Kind,
  model: ModelOf<Kind>,
): Promise<StoredNetwork> {
  return (await networks[kind]()).toStored(model);
}

function isNetwork(model: Model): model is NetworkModel {
  return isNetworkKind(model.kind);
}

/**
 * Saves a model under a temporary name, then renames it: ComBat and intensity models as one JSON file, networks as a
 * folder with `model.json` and `weights.safetensors`. A ComBat model of more than 250,000 numbers has its arrays in a
 * safetensors file beside the JSON file, which names it: they are copied together. Every file is sealed: one whose
 * numbers were changed is refused when it is loaded.
 *
 * @param path - the file or folder to write; the folder above it must be there
 * @throws ConcordError `file-exists` when it is there and `overwrite` is not set; `invalid-option` when the model is of
 * no kind that can be saved, or is not whole, or when a network would replace what is not a network; `unwritable-file`.
 */
export async function saveModel(model: Model, path: string, options: WriteFileOptions = {}): Promise<void> {
  requireKnown(model);
  if (isNetwork(model)) return writeNetworkFolder(path, await storedOf(model.kind, model), options);
  await writeModelFile(path, storedFile(model), options);
}

/** Refuses what could not be loaded again. */
function requireKnown(model: unknown): void {
  const kind: unknown =
    typeof model === 'object' && model !== null && 'kind' in model ? model.kind : undefined;
  const known: readonly string[] = [...fileKinds, ...Object.keys(networks)];
  if (typeof kind === 'string' && known.includes(kind)) return;
  const found = kind === undefined ? 'it has no kind' : `its kind is ${JSON.stringify(kind)}`;
  throw new ConcordError(
    'invalid-option',
    `invalid model: ${found} (models of these kinds can be saved: ${known.join(', ')})`,
  );
}

function storedFile(model: Exclude<Model, NetworkModel>): StoredModel {
  try {
    const stored: StoredModel =
      model.kind === 'combat'
        ? combatModelToStored(model)
        : { description: intensityModelToJson(model), arrays: new Map() };
    const plain = JSON.parse(JSON.stringify(stored.description)) as JsonObject;
    // What cannot be read is not written.
    modelFromStored({ description: plain, arrays: stored.arrays }, model.kind);
    return { description: plain, arrays: stored.arrays };
  } catch (cause) {
    const said = cause instanceof ConcordError ? cause.problem : String(cause);
    throw new ConcordError('invalid-option', `invalid model: ${said.replace('malformed model: ', '')}`, {
      remedy: ['save what fitting or loading returned'],
      cause,
    });
  }
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
  const network = folder || (isNetworkKind(kind) && folder === undefined);
  try {
    if (!network) return await fileModel(path, kind);
    const stored = await readNetworkFolder(path, { kind });
    if (isNetworkKind(kind)) return (await networks[kind]()).fromStored(stored);
    throw new ConcordError('malformed-model', `another kind of model: it is a network, not "${kind}"`);
  } catch (cause) {
    if (!(cause instanceof ConcordError) || cause.message.includes(path)) throw cause;
    const { code, problem, remedy } = cause;
    throw new ConcordError(code, `${problem}, in ${path}`, { where: { file: path }, remedy, cause });
  }
}

/** A model from a file, with a warning where nothing shows whether the file is as it was written. */
async function fileModel(path: string, kind: Model['kind']): Promise<Model> {
  const { sealed, ...stored } = await readModelFile(path);
  const model = modelFromStored(stored, kind);
  if (sealed) return model;
  const file = basename(path);
  const what = `${file} has no seal, as model files of earlier versions: a number changed in it cannot be noticed`;
  return { ...model, issues: [makeIssue('unsealed-model', what, { file }), ...model.issues] };
}

function modelFromStored({ description, arrays }: StoredModel, wanted: Model['kind']): Model {
  const kind = fileKinds.find((known) => known === description['kind']);
  if (kind !== undefined && kind !== wanted) {
    throw new ConcordError('malformed-model', `another kind of model: it holds "${kind}", not "${wanted}"`, {
      remedy: advise`use ${option('kind', kind)}`,
    });
  }
  if (wanted === 'combat') return combatModelFromJson(description, arrays);
  if (kind === undefined) {
    throw new ConcordError(
      'malformed-model',
      `malformed model: its kind is ${JSON.stringify(description['kind'])}, not "${wanted}"`,
    );
  }
  return intensityModelFromJson(description);
}
