import { createRequire } from 'node:module';
import { requireCall } from '../data/calls/require-call';
import { suggestName } from '../data/nearest-names';
import { ConcordError } from '../errors';
import { currentFolder } from '../own-folders';
import type { ModelByKind } from './methods';
import type { ModelOf } from './save-model';
import { loadModel } from './save-model';

/** The npm package of the models that ship, apart from this one so that it stays small. */
export const modelsPackage = 'concord-mri-models';

/** The models that ship. */
export interface ShippedModels {
  /** Of the package of models. */
  readonly version: string;
  /** Where they are, by the names of methods. */
  readonly folders: Readonly<Record<string, string>>;
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
 * Where the model of a method is that ships.
 *
 * @throws ConcordError `missing-package` when the package of models is not there; `invalid-option` when it has none of the
 * method.
 */
export function shippedFolder(method: string, { version, folders }: ShippedModels = shippedModels()): string {
  if (Object.hasOwn(folders, method)) return folders[method];
  const names = Object.keys(folders);
  const hint = suggestName(method, names, `${modelsPackage} ${version} has ${names.join(', ')}`);
  throw new ConcordError('invalid-option', `no model of ${JSON.stringify(method)} ships (${hint})`);
}

/**
 * Loads the model of a method that ships with Concord, in the npm package `concord-mri-models`: small networks that
 * learned from digital persons, to try methods with. The card of each says what it learned from, and how good it is.
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
export async function loadShippedModel<Kind extends keyof ModelByKind>(name: Kind): Promise<ModelOf<Kind>> {
  requireCall('loadShippedModel', { name });
  return loadModel(shippedFolder(name), name);
}
