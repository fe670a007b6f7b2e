import { createRequire } from 'node:module';
import { requireCall } from '../data/calls/require-call';
import { suggestName } from '../data/nearest-names';
import { ConcordError } from '../errors';
import { currentFolder } from '../own-folders';
import type { ModelByKind } from './methods';
import type { Model, ModelOf } from './save-model';
import { loadModel } from './save-model';

/** The npm package of the models that ship, apart from this one so that it stays small. */
export const modelsPackage = 'concord-mri-models';

/** The models that ship. */
export interface ShippedModels {
  /** Of the package of models. */
  readonly version: string;
  /** Where they are, by the names under which they ship. */
  readonly folders: Readonly<Record<string, string>>;
  /** The method of each, by the same names. */
  readonly methods: Readonly<Record<string, string>>;
}

/**
 * Finds the models that ship, from beside this package before the folder of the running program.
 *
 * @param from - the folders to look from
 * @throws ConcordError `missing-package` when the package of models is not there.
 */
export function shippedModels(from: readonly string[] = [__dirname, currentFolder()]): ShippedModels {
  const require = createRequire(__filename);
  let entry: string;
  try {
    entry = require.resolve(modelsPackage, { paths: [...from] });
  } catch (cause) {
    throw new ConcordError(
      'missing-package',
      `missing package: ${modelsPackage}, which has the models that ship`,
      {
        remedy: [`npm install ${modelsPackage}`],
        cause,
      },
    );
  }
  return require(entry) as ShippedModels;
}

/**
 * Where a model is that ships.
 *
 * @param name - the name of a method, or another under which a model ships
 * @throws ConcordError `missing-package` when the package of models is not there; `invalid-option` when it has none of the
 * name.
 */
export function shippedFolder(name: string, { version, folders }: ShippedModels = shippedModels()): string {
  if (Object.hasOwn(folders, name)) return folders[name];
  const names = Object.keys(folders);
  const hint = suggestName(name, names, `${modelsPackage} ${version} has ${names.join(', ')}`);
  throw new ConcordError('invalid-option', `no model of ${JSON.stringify(name)} ships (${hint})`);
}

/** The names of the models of a method that ship, in their order: first that of the method itself. */
export function shippedNames(
  method: string,
  { methods }: ShippedModels = shippedModels(),
): readonly string[] {
  return Object.keys(methods).filter((name) => methods[name] === method);
}

/**
 * Loads the model of a method that ships with Concord, in the npm package `concord-mri-models`: small networks that
 * learned from digital persons, to try methods with and to start trainings from. The card of each says what it learned
 * from, how good it is, and its license.
 *
 * @param name - the name of the method, which is the kind of its model
 * @throws ConcordError `missing-package` when the package is not installed; `invalid-option` when it has no such model.
 *
 * @example
 * ```ts
 * const model = await loadShippedModel('murd');
 * const harmonized = await murd.translate(model, slices, { site: 'Siemens' });
 * ```
 */
export async function loadShippedModel<Kind extends keyof ModelByKind>(name: Kind): Promise<ModelOf<Kind>>;
/**
 * Loads the DDAE that ships and learned from real brains, those of three sites: to be tried on them, and to start trainings
 * on others from (`startFrom` of `fitDdae`). Its license is CC BY-SA 3.0, that of the pictures.
 *
 * @throws ConcordError as for the others.
 */
export async function loadShippedModel(name: 'ddae-brains'): Promise<ModelOf<'ddae'>>;
export async function loadShippedModel(name: keyof ModelByKind | 'ddae-brains'): Promise<Model> {
  requireCall('loadShippedModel', { name });
  const shipped = shippedModels();
  const folder = shippedFolder(name, shipped);
  return loadModel(folder, shipped.methods[name] as keyof ModelByKind);
}
