import { delimiter, join, resolve } from 'node:path';
import { homeFolder } from '../../own-folders';

/** What the environment says of where Jupyter keeps its data. */
export type JupyterVariables = Readonly<Record<string, string | undefined>>;

/** The folder of the user's own data of Jupyter, by the rules of jupyter_core. */
export function userJupyterFolder(variables: JupyterVariables): string {
  const { JUPYTER_DATA_DIR: own, APPDATA: roaming, XDG_DATA_HOME: data } = variables;
  if (own !== undefined && own !== '') return resolve(own);
  const home = homeFolder();
  if (process.platform === 'darwin') return join(home, 'Library', 'Jupyter');
  if (process.platform === 'win32') return join(roaming ?? join(home, 'AppData', 'Roaming'), 'jupyter');
  return join(data !== undefined && data !== '' ? data : join(home, '.local', 'share'), 'jupyter');
}

/**
 * The folders in which a user's Jupyter looks for data, the first wins: those of `JUPYTER_PATH`, the user's, and that of
 * the active Python environment (docs.jupyter.org, "Common directories and file system locations").
 */
export function jupyterDataFolders(variables: JupyterVariables): readonly string[] {
  const named = (variables['JUPYTER_PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const environments = [variables['VIRTUAL_ENV'], variables['CONDA_PREFIX']].flatMap(
    (prefix) => prefix ?? [],
  );
  return [...named, userJupyterFolder(variables), ...environments.map(dataFolderIn)];
}

/** Where a Python environment, or another prefix of installed programs, keeps data of Jupyter. */
export function dataFolderIn(prefix: string): string {
  return join(prefix, 'share', 'jupyter');
}
