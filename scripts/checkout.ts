import { delimiter, resolve } from 'node:path';
import type { PythonEnvironment } from './python-environment';
import { ensurePythonEnvironment } from './python-environment';

/** The top folder of this checkout. */
export const checkout: string = resolve(__dirname, '..');

/** The notebooks' folder. */
export const notebooks: string = resolve(checkout, 'notebooks');

/** The environment variables with which Jupyter finds this checkout's kernels before any others. */
export function jupyterVariables(): NodeJS.ProcessEnv {
  const others = process.env['JUPYTER_PATH'];
  const ours = resolve(checkout, 'kernels-config');
  return {
    ...process.env,
    JUPYTER_PATH: others === undefined || others === '' ? ours : `${ours}${delimiter}${others}`,
  };
}

/**
 * The virtual environment `.venv` with Jupyter in it, made when it is not there.
 *
 * @throws PythonUnavailableError when it cannot be made.
 */
export function jupyterEnvironment(onStep?: (step: string) => void): PythonEnvironment {
  return ensurePythonEnvironment({
    folder: resolve(checkout, '.venv'),
    requirements: resolve(checkout, 'kernels-config', 'requirements.txt'),
    onStep,
  });
}
