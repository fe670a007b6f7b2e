import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { SkippedTests } from './skipping';
import { describeSkipped, skipWithout } from './skipping';
import { temporaryFolder } from './temporary-folder';

const checkout = resolve(__dirname, '..', '..');

describe('the summary of skipped tests', () => {
  it('says how many, why and how to have it, once for each need', () => {
    const groups: SkippedTests[] = [
      { need: 'Python', why: 'python3 was not found\nremedy: install it', tests: 3 },
      { need: 'a C++ compiler', why: '', tests: 1 },
      { need: 'Python', why: 'python3 was not found', tests: 2 },
    ];
    assert.deepEqual(describeSkipped(groups), [
      '',
      'Skipped:',
      '  5 tests for want of Python',
      '      because python3 was not found',
      '      to have it: apt-get install python3 python3-venv (elsewhere: python.org); CONCORD_PYTHON names another one',
      '  1 test for want of a C++ compiler',
      '      to have it: apt-get install g++',
      '',
    ]);
    assert.deepEqual(describeSkipped([]), []);
  });
});

describe('tests on a backend that does not start', () => {
  const folder = temporaryFolder();

  /** Runs mocha on this test file where WebGPU finds no driver. */
  function runThere(
    tests: string,
    variables: Readonly<Record<string, string>> = {},
  ): { out: string; status: number | null } {
    const file = folder.write('there.test.ts', tests);
    const nowhere = join(__dirname, 'no-such-driver.json');
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['node_modules/mocha/bin/mocha.js', file],
      {
        cwd: checkout,
        encoding: 'utf8',
        env: {
          ...process.env,
          VK_ICD_FILENAMES: nowhere,
          VK_DRIVER_FILES: nowhere,
          CONCORD_REQUIRE_BACKENDS: '',
          ...variables,
        },
      },
    );
    return { out: stdout + stderr, status };
  }

  const tests = `
    import { onEachBackend } from ${JSON.stringify(join(__dirname, 'backends'))};
    onEachBackend('something', (backend) => {
      if (backend !== 'webgpu') return;
      before(() => { throw new Error('before ran'); });
      after(() => { throw new Error('after ran'); });
      it('one', () => { throw new Error('it ran'); });
      describe('more', () => {
        after(() => { throw new Error('after ran'); });
        it('two', () => undefined);
      });
    });`;

  it('are skipped with their hooks, and the end of the run says so', function () {
    if (process.platform !== 'linux') skipWithout(this, 'another operating system');
    const { out, status } = runThere(tests);
    assert.equal(status, 0, out);
    assert.match(out, /2 pending/);
    assert.match(
      out,
      /Skipped:\n {2}2 tests for want of a graphics card\n +because webgpu: .*\n +to have it: install/,
    );
  });

  it('fail where the backend is required', function () {
    if (process.platform !== 'linux') skipWithout(this, 'another operating system');
    const { out, status } = runThere(tests, { CONCORD_REQUIRE_BACKENDS: 'tensorflow,webgpu' });
    assert.notEqual(status, 0);
    assert.match(out, /hook: start webgpu in "on webgpu"/);
    assert.doesNotMatch(out, /(before|after|it) ran/);
  });
});
