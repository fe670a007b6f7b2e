import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { buildSdkWhenStale } from '../../scripts/build-sdk';
import { jupyterVariables } from '../../scripts/checkout';
import { hardCells, runCells } from '../../scripts/kernel/run-cells';
import { jupyterOrSkip } from '../support/jupyter';

interface Cell {
  readonly cell_type: string;
  readonly metadata: { readonly shows?: string; readonly tags?: readonly string[] };
  readonly outputs?: readonly unknown[];
}

describe('kernels-config/hard-cells.ipynb', () => {
  const { cells } = JSON.parse(readFileSync(hardCells, 'utf8')) as { cells: readonly Cell[] };
  const code = cells.filter(({ cell_type: kind }) => kind === 'code');

  it('is stored without outputs, and says of each cell what it shows', () => {
    for (const { outputs, metadata } of code) {
      assert.deepEqual(outputs, []);
      const { shows = '', tags = [] } = metadata;
      assert.notEqual(shows, '');
      // So that nbconvert runs the whole of it.
      assert.equal(tags.includes('raises-exception'), /(^|; )error /.test(shows), shows);
    }
  });

  it('shows that over the Jupyter protocol [long]', async function () {
    const { python } = jupyterOrSkip(this);
    buildSdkWhenStale();
    const shown = await runCells(python, { kernel: 'concord', variables: jupyterVariables() });
    const expected = code.map(({ metadata }, at) => `${shown[at]?.title}: ${metadata.shows}`);
    assert.deepEqual(
      shown.map(({ title, shows }) => `${title}: ${shows}`),
      expected,
    );
  });
});
