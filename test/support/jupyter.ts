import { jupyterEnvironment } from '../../scripts/checkout';
import type { PythonEnvironment } from '../../scripts/python-environment';
import { PythonUnavailableError } from '../../scripts/python-environment';
import { skipWithout } from './skipping';

/** The Python that has Jupyter; without one the suite is skipped, unless continuous integration says that it must be there. */
export function jupyterOrSkip(context: Mocha.Context): PythonEnvironment {
  try {
    return jupyterEnvironment((step) => console.log(`      ${step}`));
  } catch (error) {
    if (!(error instanceof PythonUnavailableError) || process.env['CONCORD_REQUIRE_JUPYTER'] === '1')
      throw error;
    return skipWithout(context, 'Python', error.message);
  }
}
