import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('the first example of the README', () => {
  const folder = temporaryFolder();

  it('prints what is quoted [long]', async () => {
    const readme = readFileSync(resolve(__dirname, '../../README.md'), 'utf8');
    const section = readme.slice(
      readme.indexOf('\n## A table'),
      readme.indexOf('\n## The same in TypeScript'),
    );
    const printed = section.replaceAll(/^```sh\n[\s\S]*?^```$/gm, '');
    const quoted = [...printed.matchAll(/^```\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
      block.trim().split('\n'),
    );
    assert.ok(quoted.length >= 7, section);
    const table = folder.path('simulated-thickness.csv');
    assert.equal((await concord('example', '--out', table)).status, 0);
    const run = await concord(
      'harmonize',
      table,
      '--preserve',
      'age,sex',
      '--out',
      folder.path('harmonized'),
    );
    assert.equal(run.status, 0, run.err);
    const said = inOneLine(run.out);
    assert.deepEqual(
      quoted.filter((line) => !said.includes(inOneLine(line).trim())),
      [],
    );
  });
});
