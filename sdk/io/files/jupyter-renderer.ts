import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { homeFolder } from '../../own-folders';

/** The extension of JupyterLab that draws Plotly's own MIME type; the Python package plotly brings it. */
const extension = join('labextensions', 'jupyterlab-plotly', 'package.json');

/**
 * Whether Jupyter draws Plotly's own MIME type by itself: its extension is among the data of the Jupyter that this kernel
 * belongs to (`JUPYTER_PATH`, the user's, the active Python environment, or that of the first `jupyter` on the path, which
 * is the one that was started).
 */
export function jupyterDrawsPlotly(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return dataFolders(env).some((folder) => existsSync(join(folder, extension)));
}

/** The folders of docs.jupyter.org, "Common directories and file system locations". */
function dataFolders(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const foldersIn = (name: string): readonly string[] =>
    (env[name] ?? '').split(delimiter).filter((folder) => folder !== '');
  const home = homeFolder();
  const windows = env['APPDATA'] === undefined ? [] : [join(env['APPDATA'], 'jupyter')];
  const own = env['JUPYTER_DATA_DIR'];
  const users =
    own === undefined
      ? [join(home, '.local', 'share', 'jupyter'), join(home, 'Library', 'Jupyter'), ...windows]
      : [own];
  const program = foldersIn('PATH').find((folder) =>
    ['jupyter', 'jupyter.exe'].some((name) => existsSync(join(folder, name))),
  );
  const prefixes = [
    env['VIRTUAL_ENV'],
    env['CONDA_PREFIX'],
    program === undefined ? undefined : dirname(program),
  ];
  const inPrefix = prefixes.flatMap((prefix) =>
    prefix === undefined ? [] : join(prefix, 'share', 'jupyter'),
  );
  return [...foldersIn('JUPYTER_PATH'), ...users, ...inPrefix];
}
