import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePythonEnvironment, PythonUnavailableError } from '../../scripts/python-environment';
import { skipWithout } from '../support/skipping';

/**
 * A Python that makes each environment as a copy of one made before, which takes no seconds, and none where a folder is in its
 * place. Elsewhere than on Windows, which has no such scripts.
 */
function copyingPython(scratch: string, made: string): readonly string[] | undefined {
  if (process.platform === 'win32') return undefined;
  const kept = join(scratch, 'made before');
  cpSync(made, kept, { recursive: true, verbatimSymlinks: true });
  const path = join(scratch, 'copying python');
  const copies = `[ "$2" = venv ] && { [ -e "$3" ] && exit 1; cp -a '${kept}' "$3"; exit; }`;
  writeFileSync(path, `#!/bin/sh\n${copies}\necho 3.12\n`);
  chmodSync(path, 0o755);
  return [path];
}

describe('ensurePythonEnvironment', function () {
  let scratch: string;
  let requirements: string;

  before(() => {
    scratch = mkdtempSync(join(tmpdir(), 'concord python '));
    requirements = join(scratch, 'requirements.txt');
    writeFileSync(requirements, '# nothing\n');
  });

  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('says what to do where there is no Python', () => {
    assert.throws(
      () =>
        ensurePythonEnvironment({
          folder: join(scratch, 'none'),
          requirements,
          interpreters: ['no-such-python'],
        }),
      (error) =>
        error instanceof PythonUnavailableError &&
        /Python 3\.9 or newer is needed \(no-such-python: cannot be started\)\nremedy: install/.test(
          error.message,
        ),
    );
    assert.ok(!existsSync(join(scratch, 'none')));
  });

  it('says what to do where Python is too old or lacks venv', function () {
    // Stand-ins for such Pythons are shell scripts.
    if (process.platform === 'win32') skipWithout(this, 'another operating system');
    const standIn = (name: string, version: string): string => {
      const path = join(scratch, name);
      writeFileSync(
        path,
        `#!/bin/sh\n[ "$1" = -c ] && echo ${version} && exit 0\necho no venv here >&2\nexit 1\n`,
      );
      chmodSync(path, 0o755);
      return path;
    };
    const attempt = (interpreter: string) => (): unknown =>
      ensurePythonEnvironment({ folder: join(scratch, 'none'), requirements, interpreters: [interpreter] });
    assert.throws(attempt(standIn('old', '3.8')), /old: version 3\.8\)\nremedy: install Python/);
    assert.throws(attempt(standIn('bare', '3.12')), /no venv here\nremedy: install the venv module/);
  });

  it('makes an environment once, and again when the requirements change', function () {
    const folder = join(scratch, 'an environment');
    const steps: string[] = [];
    const ensure = (interpreters?: readonly string[]): ReturnType<typeof ensurePythonEnvironment> =>
      ensurePythonEnvironment({ folder, requirements, interpreters, onStep: (step) => steps.push(step) });
    let python: string;
    try {
      ({ python } = ensure());
    } catch (error) {
      if (!(error instanceof PythonUnavailableError)) throw error;
      skipWithout(this, 'Python', error.message);
    }
    assert.ok(statSync(python).isFile());
    assert.equal(steps.length, 2);
    ensure();
    assert.equal(steps.length, 2);
    const again = copyingPython(scratch, folder);
    writeFileSync(requirements, '# nothing else\n');
    ensure(again);
    assert.equal(steps.length, 4);
    assert.ok(statSync(python).isFile());
    writeFileSync(requirements, 'concord-needs-no-such-package @ file:./nowhere.whl\n');
    assert.throws(() => ensure(again), /pip cannot install[\s\S]*remedy: check the network/);
  });
});
