import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ConcordError } from '../../errors';
import { isFolder } from '../../io/files/make-folder';
import { folderOrFile } from '../../io/networks/network-folder';
import { weightsFile } from '../../io/networks/weights-file';
import { shippedFolder } from '../../methods/shipped-models';

/** The name of the file of a fitted model in the folder of its results. */
export const modelFile = 'model.json';

/**
 * The model in a folder of results; a network is a folder itself. A name that is no folder here is that of a model that ships.
 *
 * @throws ConcordError as {@link folderOrShipped}.
 */
export async function modelIn(given: string): Promise<string> {
  // A file is called by its ending, also where it is missing.
  if (basename(given).includes('.')) return modelInFolder(given);
  return modelInFolder(await folderOrShipped(given));
}

async function modelInFolder(given: string): Promise<string> {
  if (!(await isFolder(given)) || existsSync(join(given, weightsFile))) return given;
  return join(given, modelFile);
}

/**
 * The folder or file of that name, where there is one, else the folder of the model that ships under it.
 *
 * @throws ConcordError `missing-package` or `invalid-option` where there is neither.
 */
export async function folderOrShipped(named: string): Promise<string> {
  if (basename(named) !== named || (await folderOrFile(named)) !== undefined) return named;
  try {
    return shippedFolder(named);
  } catch (cause) {
    if (!(cause instanceof ConcordError)) throw cause;
    const { code, problem, remedy } = cause;
    throw new ConcordError(code, `there is no folder ${named}; ${problem}`, { remedy, cause });
  }
}
