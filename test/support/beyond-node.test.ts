import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { temporaryFolder } from './temporary-folder';

const checkout = resolve(__dirname, '..', '..');
const config = resolve(checkout, '.mocharc.beyond-node.cjs');

function specOf(path: string): readonly string[] {
  return (createRequire(__filename)(path) as { readonly spec: readonly string[] }).spec;
}

describe('the tests for machines that have more than Node.js', () => {
  const folder = temporaryFolder();
  const all = specOf(resolve(checkout, '.mocharc.all.cjs'));
  const beyond = specOf(config);
  const leftOut = all.filter((test) => !beyond.includes(test));

  it('are those that need more, or come to a network, and real data too', () => {
    for (const test of [
      ...[
        'kernel/kernel',
        'nn/backend/contract',
        'cli/networks',
        'cli/slurm/slurm',
        'evaluate/probes',
        'report/page/report-page',
      ],
      ...[
        'combat/published',
        'combat/family-oracles',
        'preprocess/brain-mask/real-heads',
        'io/parquet/open-parquet',
      ],
      ...['math/mixed/kenward-roger', 'io/networks/safetensors-python', 'support/beyond-node'],
    ])
      assert.ok(beyond.includes(`test/${test}.test.ts`), test);
    for (const test of ['math/random', 'combat/fit-combat', 'io/parquet/damaged-files', 'contract', 'words'])
      assert.ok(leftOut.includes(`test/${test}.test.ts`), test);
  });

  it('leave out none that is skipped where something is missing', () => {
    const asks =
      /'(Python|native TensorFlow|a graphics card|a browser|Slurm|a C\+\+ compiler|real data)'|OrSkip\(|onEachBackend\(|availableBackends\(|slurmCluster\(/;
    const asking = leftOut.filter((test) => asks.test(readFileSync(resolve(checkout, test), 'utf8')));
    // What it needs real data for is [long], which neither stage runs.
    assert.deepEqual(asking, ['test/cli/main.test.ts']);
  });

  it('name no file, room or reason that is gone', () => {
    const source = readFileSync(config, 'utf8').replace(
      "require('./.mocharc.all.cjs')",
      `require(${JSON.stringify(resolve(checkout, '.mocharc.all.cjs'))})`,
    );
    for (const name of ['one-name', 'intensity', 'test/support/skipping.ts']) {
      const gone = source.replace(new RegExp(`([\\s'])${name}(?=[\\s'])`), `$1${name}-is-gone`);
      assert.notEqual(gone, source);
      const file = folder.write('config.cjs', gone);
      delete createRequire(__filename).cache[file];
      assert.throws(() => specOf(file), new RegExp(`no longer there, but listed .*${name}-is-gone`));
    }
  });
});
