import { basename } from 'node:path';
import { ConcordError } from '../errors';
import type { MethodOption } from './method-option';
import { valueOption } from './method-option';
import type { ModelByKind } from './methods';
import type { ModelOf } from './save-model';

/** The word for the model that ships, in the place of a folder. */
const ships = 'shipped';

/** The option that names a model to start a training from. */
export function startOption(): MethodOption<string | undefined> {
  return valueOption(
    'text',
    '--start-from <model>',
    `the folder of a model of this method and size to continue from, at other sites too; or ${ships}, for the one that ships; or the name under which another ships`,
  );
}

/**
 * The model that a training starts from; none where none is named.
 *
 * @throws ConcordError as `loadModel`, and `loadShippedModel` for what ships.
 */
export async function startingModel<Kind extends keyof ModelByKind>(
  named: string | undefined,
  kind: Kind,
): Promise<ModelOf<Kind> | undefined> {
  if (named === undefined) return undefined;
  const { loadModel } = await import('./save-model.js');
  return loadModel(await startingFolder(named, kind), kind);
}

/** The folder of that name, where there is one, else that of the model that ships under it. */
async function startingFolder(named: string, kind: string): Promise<string> {
  const { shippedFolder } = await import('./shipped-models.js');
  if (named === ships) return shippedFolder(kind);
  const { folderOrFile } = await import('../io/networks/network-folder.js');
  if (basename(named) !== named || (await folderOrFile(named)) !== undefined) return named;
  try {
    return shippedFolder(named);
  } catch (cause) {
    if (!(cause instanceof ConcordError)) throw cause;
    const { code, problem, remedy } = cause;
    throw new ConcordError(code, `there is no folder ${named}; ${problem}`, { remedy, cause });
  }
}
