import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryId } from '../../sdk/io/files/temporary-names';
import { temporaryFolder } from '../support/temporary-folder';
import { skipWithout } from '../support/skipping';

/** The command as it is installed: `npm run build` makes what it runs. */
const command = resolve(__dirname, '../../sdk/bin/concord.js');

interface Ended {
  /** As a shell sees it: 128 and the number of the signal that ended the process, if one did. */
  readonly code: number | null;
  readonly err: string;
}

function start(words: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let err = '';
  child.stderr?.on('data', (bytes) => (err += String(bytes)));
  child.stdout?.resume();
  const ended = new Promise<Ended>((done) =>
    child.on('close', (code, signal) =>
      done({ code: signal === null ? code : 128 + constants.signals[signal], err }),
    ),
  );
  return { child, ended };
}

/** Waits until something is so, as long as the test may take. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(20);
}

describe('the command as a process', function () {
  const folder = temporaryFolder();
  let table = '';
  const long = (out: string): string[] => {
    // A cross-validation repeated so often that it lasts until it is stopped.
    return ['harmonize', table, '--out', out, '--preserve', 'age', '--seeds', '3000'];
  };

  before(() => {
    const rows = Array.from({ length: 60 }, (_, row) => {
      const values = Array.from({ length: 12 }, (_value, k) =>
        (2 + Math.sin(row * 7 + k * 3) / 4).toFixed(4),
      );
      return [`s${row}`, 'ABC'[row % 3], 20 + ((row * 13) % 50), ...values].join(',');
    });
    const names = Array.from({ length: 12 }, (_, k) => `thick_${k}`);
    table = folder.write('table.csv', [`id,site,age,${names.join(',')}`, ...rows].join('\n'));
  });

  it('ends alike on Ctrl-C, SIGTERM and SIGHUP, with the status of each and one line', async () => {
    const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
    for (const [signal, status] of Object.entries(signals)) {
      const out = folder.path(`out-${signal}`);
      const { child, ended } = start(long(out));
      // The folder is made once the command listens.
      await until(() => existsSync(out));
      await wait(300);
      child.kill(signal as NodeJS.Signals);
      // Schedulers send it to a job's shell, which passes it on, and to all processes of the job: the second may meet a process
      // that has done all it had to, and is only being taken down.
      if (signal === 'SIGTERM') await wait(20).then(() => child.kill(signal));
      const { code, err } = await ended;
      assert.equal(code, status, `${signal}: ${err}`);
      assert.equal(err, 'concord: the work was canceled\n');
      assert.ok(!existsSync(out), 'the folder that was made for nothing is gone');
    }
  });

  it('ends quietly when nobody reads its output any more', () => {
    for (const words of [
      '--help',
      'harmonize --help',
      `harmonize ${table} --out ${folder.path('piped')} --no-audit`,
    ]) {
      const shell = `"${process.execPath}" "${command}" ${words} | head -c 1; echo " \${PIPESTATUS[0]}"`;
      const run = spawnSync('bash', ['-c', shell], { encoding: 'utf8' });
      assert.equal(run.stderr, '', words);
      assert.match(run.stdout, /^. 0\n$/, words);
    }
    assert.ok(existsSync(folder.path('piped/provenance.json')), 'the work was done');
  });

  it('says that its folder was removed', async () => {
    const out = folder.path('removed');
    const words = ['harmonize', table, '--out', out, '--preserve', 'age', '--seeds', '3'];
    const { ended } = start(words);
    await until(() => existsSync(out));
    // The command may just be trying whether the folder takes files.
    rmSync(out, { recursive: true, maxRetries: 9 });
    const { code, err } = await ended;
    assert.equal(code, 1);
    assert.match(
      err,
      /^concord: cannot write .*removed: the folder was removed during the work \(leave it in place, and run again\)\n$/,
    );
  });

  it('says that a disk is read-only (skipped where none can be mounted)', function () {
    const place = folder.path('disk');
    mkdirSync(place);
    const words = `harmonize ${table} --out ${join(place, 'out')} --no-audit`;
    const mounted = `mount -t tmpfs -o ro tmpfs "${place}" && "${process.execPath}" "${command}" ${words}`;
    const able = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', '-o', 'ro', 'tmpfs', place]);
    if (able.status !== 0)
      skipWithout(this, 'another operating system', 'a read-only disk can be mounted by root on Linux');
    const run = spawnSync('unshare', ['-m', 'bash', '-c', mounted], { encoding: 'utf8' });
    assert.equal(run.status, 1);
    assert.match(
      run.stderr,
      /^concord: cannot write .*out: the disk is mounted read-only: choose a folder on another/,
    );
  });

  it('tidies up after a run that was killed, and leaves alone what a living one has in hand', async () => {
    const out = folder.path('killed');
    mkdirSync(out);
    const { child, ended } = start(long(folder.path('elsewhere')));
    await until(() => existsSync(folder.path('elsewhere')));
    child.kill('SIGKILL');
    await ended;
    const dead = String(child.pid?.toString(16).padStart(8, '0'));
    const own = await temporaryId();
    const names = {
      left: `.harmonized.csv.${dead}${own.slice(8)}.tmp`,
      alive: `.model.json.${own}.tmp`,
      strange: `.report.html.${'0'.repeat(8)}-1111-2222-3333-${'4'.repeat(12)}.tmp`,
      other: '.harmonized.csv.tmp',
    };
    for (const name of Object.values(names)) writeFileSync(join(out, name), 'half');
    const run = spawnSync(process.execPath, [command, 'harmonize', table, '--out', out, '--no-audit'], {
      encoding: 'utf8',
    });
    assert.equal(run.status, 0, run.stderr);
    const hidden = readdirSync(out).filter((name) => name.startsWith('.'));
    assert.deepEqual(hidden.sort(), [names.alive, names.other, names.strange].sort());
  });
});
