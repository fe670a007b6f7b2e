import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { takingTurns } from '../../../sdk/io/files/taking-turns';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';

/** What `npm run build` made: a process that runs it starts in a fraction of a second. */
const built = resolve(__dirname, '../../../sdk/dist/io/files/taking-turns.js');

describe('runs that take turns', () => {
  const folder = temporaryFolder();

  /** A process that adds lines to a file as each of the shared files is added to: read, changed, written whole. */
  const adding = (name: string, lines: number): ReturnType<typeof spawn> => {
    const program = `
      const { takingTurns } = require(${JSON.stringify(built)});
      const { readFileSync, writeFileSync, renameSync } = require('node:fs');
      const [, folder, name, lines] = process.argv;
      const file = folder + '/shared';
      (async () => {
        for (let line = 0; line < Number(lines); line++) {
          await takingTurns(folder, async () => {
            const there = readFileSync(file, 'utf8');
            await new Promise((done) => setTimeout(done, 2));
            writeFileSync(file + name, there + name + ' ' + line + '\\n');
            renameSync(file + name, file);
          });
        }
        if (Number(lines) === 0) await takingTurns(folder, () => {
          writeFileSync(folder + '/held', '');
          return new Promise((done) => setTimeout(done, 3_600_000));
        });
      })();`;
    const words = [folder.path('.'), name, String(lines)];
    return spawn(process.execPath, ['-e', program, ...words], { stdio: 'inherit' });
  };

  it('lose nothing that one of several processes adds, though one is killed while it has its turn', async () => {
    folder.write('shared', '');
    const dead = adding('dead', 0);
    while (!existsSync(folder.path('held'))) {
      assert.equal(dead.exitCode, null);
      await wait(10);
    }
    const names = ['a', 'b', 'c'];
    const children = names.map((name) => adding(name, 15));
    await wait(150);
    assert.equal(readFileSync(folder.path('shared'), 'utf8'), '', 'all wait for the one that lives');
    dead.kill('SIGKILL');
    const codes = await Promise.all(children.map((child) => once(child, 'exit')));
    assert.deepEqual(
      codes.map(([code]: unknown[]) => code),
      [0, 0, 0],
    );
    const lines = readFileSync(folder.path('shared'), 'utf8').trimEnd().split('\n');
    const all = names.flatMap((name) => Array.from({ length: 15 }, (_, line) => `${name} ${line}`));
    assert.deepEqual(lines.sort(), all.sort());
    assert.deepEqual(readdirSync(folder.path('.')).sort(), ['held', 'shared']);
  });

  it('wait as long as they are told, and no longer than they are wanted', async () => {
    await takingTurns(folder.path('.'), async () => {
      await rejectsWith(
        takingTurns(folder.path('.'), () => Promise.resolve(), { patience: 0 }),
        { code: 'in-use', says: ['another run in this process'] },
      );
      const signal = AbortSignal.abort();
      await rejectsWith(
        takingTurns(folder.path('.'), () => Promise.resolve(), { signal }),
        { code: 'aborted', says: [] },
      );
    });
  });

  it('leave the turn to the next when their work fails', async () => {
    const failing = takingTurns(folder.path('.'), () => Promise.reject(new Error('no')));
    await assert.rejects(failing, /no/);
    assert.equal(await takingTurns(folder.path('.'), () => Promise.resolve(7)), 7);
  });
});
