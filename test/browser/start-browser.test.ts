import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { drawFigure, endDrawing } from '../../sdk/browser/draw-figure';
import { browserOrSkip } from '../support/browser';
import { skipWithout } from '../support/skipping';
import { temporaryFolder } from '../support/temporary-folder';

const figure = '{"data":[],"layout":{}}';
const task = { figure, format: 'svg', width: 100, height: 100, scale: 1 } as const;

describe('startBrowser', () => {
  const folder = temporaryFolder();
  let usual: string | undefined;
  before(function () {
    if (process.platform === 'win32')
      skipWithout(this, 'another operating system', 'these programs are scripts');
    // Profiles go where nothing else goes, so that it can be seen whether one is left.
    usual = process.env['TMPDIR'];
    mkdirSync(folder.path('profiles'));
    process.env['TMPDIR'] = folder.path('profiles');
  });
  after(async () => {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
    await endDrawing();
  });

  const program = (name: string, script: string): string => {
    const path = folder.write(name, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const left = (): readonly string[] =>
    readdirSync(folder.path('profiles')).filter((name) => !name.startsWith('tsx'));

  it('says what a program said that is no browser, or refuses', async () => {
    const browser = program('odd', 'echo "Gtk cannot open display" >&2; echo "dbus: noise" >&2; exit 3');
    await assert.rejects(drawFigure({ ...task, browser, timeLimit: 30 }), {
      code: 'missing-package',
      message: /no working browser: .*odd: the browser ended \(status 3\): Gtk cannot open display \(install/,
    });
    assert.deepEqual(left(), []);
  });

  it('ends a program that says nothing, with its profile', async () => {
    const browser = program('silent', 'sleep 1000');
    await assert.rejects(drawFigure({ ...task, browser, timeLimit: 0.3 }), {
      code: 'missing-package',
      message: /did not start within 0.3 s/,
    });
    assert.deepEqual(left(), []);
  });

  it('leaves neither browser nor profile when this process is killed', async function () {
    await browserOrSkip(this);
    const start = join(__dirname, '../../sdk/browser/start-browser');
    const find = join(__dirname, '../../sdk/browser/drawing-browsers');
    const script = `const { startBrowser } = require(${JSON.stringify(start)});
      const { drawingBrowsers } = require(${JSON.stringify(find)});
      drawingBrowsers().then(([first]) => startBrowser(first, { timeLimit: 60 })).then((b) => console.log(b.version));
      setInterval(() => 0, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const version = await new Promise<string>((resolve) =>
        child.stdout.once('data', (data) => resolve(String(data))),
      );
      assert.match(version, /^\w*Chrom\w*\/\d+/);
      assert.equal(left().length, 1, left().join(' '));
    } finally {
      child.kill('SIGKILL');
    }
    // The test's own time limit ends the wait.
    while (left().length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  });
});
