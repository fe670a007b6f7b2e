import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import * as sdk from '../sdk/index';
import { temporaryFolder } from './support/temporary-folder';

const built = resolve('sdk/dist/index.js');

/** Runs a program that ends by printing the files it has loaded, and returns them. */
function loadedBy(program: string, file: string): readonly string[] {
  const all = `${program}\nconsole.log(JSON.stringify(Object.keys(require.cache)));`;
  const words = ['-e', `(async () => { const sdk = require(${JSON.stringify(built)}); ${all} })()`, file];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as string[];
}

describe('what the package loads', () => {
  const folder = temporaryFolder();

  it('is nothing but its front door when it is required', () => {
    assert.deepEqual(loadedBy('', ''), [built]);
  });

  it('has no TensorFlow.js, no picture and no volume in it for ComBat on a table', async () => {
    const table = folder.path('table.csv');
    const { cohort } = sdk.simulateFeatureCohort({ subjects: 60, features: 4, seed: 3 });
    await sdk.writeTable(cohort, table);
    const loaded = loadedBy(
      `const [, path] = process.argv;
      const cohort = await sdk.loadTable(path, { covariates: ['age', 'sex'] });
      const model = await sdk.fitCombat(cohort, { preserve: ['age', 'sex'] });
      await sdk.writeTable(await sdk.applyCombat(model, cohort), path + '.csv');
      await sdk.saveModel(model, path + '-model.json');`,
      table,
    );
    const stray = loaded.filter((name) =>
      /@tensorflow|pngjs|[\\/](ddae|murd|volumes|notebook)[\\/]/.test(name),
    );
    assert.deepEqual(stray, []);
    assert.ok(loaded.some((name) => name.includes('fit-combat')));
  });

  it('has all names for ES modules, and still no TensorFlow.js', () => {
    const program = `
      import * as sdk from ${JSON.stringify(built)};
      import { createRequire } from 'node:module';
      const { cache } = createRequire(${JSON.stringify(built)});
      console.log(JSON.stringify({ names: Object.keys(sdk), loaded: Object.keys(cache) }));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    const { names, loaded } = JSON.parse(out) as { names: string[]; loaded: string[] };
    for (const name of Object.keys(sdk)) assert.ok(names.includes(name), name);
    assert.deepEqual(
      loaded.filter((name) => name.includes('@tensorflow')),
      [],
    );
  });
});
