import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isFolder } from '../../io/files/make-folder';
import { weightsFile } from '../../io/networks/weights-file';

/** The name of the file of a fitted model in the folder of its results. */
export const modelFile = 'model.json';

/** The model in a folder of results; a network is a folder itself. */
export async function modelIn(given: string): Promise<string> {
  if (!(await isFolder(given)) || existsSync(join(given, weightsFile))) return given;
  return join(given, modelFile);
}
