import { basename } from 'node:path';
import { ConcordError } from '../../errors';
import { folderOrFile } from '../../io/networks/network-folder';
import type { ModelByKind } from '../../methods/methods';
import type { ModelOf } from '../../methods/save-model';
import { loadModel } from '../../methods/save-model';
import { shippedFolder } from '../../methods/shipped-models';

/** The word for the model that ships, in the place of a folder. */
export const shippedWord = 'shipped';

/**
 * The model that a training starts from.
 *
 * @param named - its folder, {@link shippedWord}, or the name under which a model ships
 * @throws ConcordError as `loadModel`; as `loadShippedModel` for what ships.
 */
export async function startingModel<Kind extends keyof ModelByKind>(
  named: string,
  kind: Kind,
): Promise<ModelOf<Kind>> {
  return loadModel(await startingFolder(named, kind), kind);
}

/** The folder of that name, where there is one, else that of the model that ships under it. */
async function startingFolder(named: string, kind: string): Promise<string> {
  if (named === shippedWord) return shippedFolder(kind);
  if (basename(named) !== named || (await folderOrFile(named)) !== undefined) return named;
  try {
    return shippedFolder(named);
  } catch (cause) {
    if (!(cause instanceof ConcordError)) throw cause;
    const { code, problem, remedy } = cause;
    throw new ConcordError(code, `there is no folder ${named}; ${problem}`, { remedy, cause });
  }
}
