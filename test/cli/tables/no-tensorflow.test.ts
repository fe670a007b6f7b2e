import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as sdk from '../../../sdk/index';
import { randomCohort } from '../../evaluate/audit-cohorts';
import { temporaryFolder } from '../../support/temporary-folder';

describe('commands on tables', () => {
  const folder = temporaryFolder();

  it('never load TensorFlow.js', async () => {
    const table = folder.path('table.csv');
    await sdk.writeTable(
      randomCohort({ seed: 3, subjects: 40, features: 4, sites: 2, siteEffect: 1 }),
      table,
    );
    const list = folder.path('loaded.json');
    // Writes the names of all modules when the process ends.
    const hook = folder.write(
      'hook.cjs',
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache))));`,
    );
    const quick = ['--seeds', '1'];
    const out = folder.path('out');
    const commands = [
      ['harmonize', table, '--no-audit', '--out', out],
      ['apply', out, table, '--out', folder.path('applied')],
      ['audit', table, folder.path('out/harmonized.csv'), ...quick],
      ['compare', table, '--methods', 'site-scaling', '--splits', '2', ...quick],
    ];
    for (const words of commands) {
      execFileSync(process.execPath, ['--require', hook, resolve('sdk/bin/concord.js'), ...words], {
        stdio: 'pipe',
      });
      const loaded = JSON.parse(readFileSync(list, 'utf8')) as string[];
      assert.ok(loaded.some((name) => name.includes('main')) && loaded.length > 100);
      const heavy = loaded.filter((name) => name.includes('@tensorflow'));
      assert.deepEqual(heavy, [], words[0]);
    }
  });
});
