import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isFolder } from '../../io/files/make-folder';
import { weightsFile } from '../../io/networks/weights-file';

/** What a fitted model is called among what was made by it. */
export const modelFile = 'model.json';

/** The model in a folder of results; a network is a folder itself. */
export async function modelIn(given: string): Promise<string> {
  if (!(await isFolder(given)) || existsSync(join(given, weightsFile))) return given;
  return join(given, modelFile);
}
