import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { JupyterVariables } from './jupyter-folders';
import { dataFolderIn, jupyterDataFolders } from './jupyter-folders';

/** The extension of JupyterLab that draws Plotly's own MIME type; the Python package plotly brings it. */
const extension = join('labextensions', 'jupyterlab-plotly', 'package.json');

/**
 * Whether Jupyter draws Plotly's own MIME type by itself: its extension is among the data of the Jupyter that this kernel
 * belongs to (`JUPYTER_PATH`, the user's, the active Python environment, or that of the first `jupyter` on the path, which
 * is the one that was started).
 */
export function jupyterDrawsPlotly(env: JupyterVariables = process.env): boolean {
  const program = (env['PATH'] ?? '')
    .split(delimiter)
    .find((folder) => ['jupyter', 'jupyter.exe'].some((name) => existsSync(join(folder, name))));
  const started = program === undefined ? [] : [dataFolderIn(dirname(program))];
  return [...jupyterDataFolders(env), ...started].some((folder) => existsSync(join(folder, extension)));
}
