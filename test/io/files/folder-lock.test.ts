import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lockFolder } from '../../../sdk/io/files/folder-lock';
import type { ProcessIdentity } from '../../../sdk/io/files/process-identity';
import { isRunning, thisProcess } from '../../../sdk/io/files/process-identity';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';

describe('the lock of a folder', () => {
  const folder = temporaryFolder();
  const place = (): string => folder.path('.');
  /** Puts a lock of another holder there, last heard of some seconds ago. */
  const heldBy = async (change: Partial<ProcessIdentity>, silent = 0): Promise<void> => {
    const holder = { ...(await thisProcess()), id: 'another', since: '2026-01-01', ...change };
    const path = folder.write('.lock', JSON.stringify(holder));
    const time = new Date(Date.now() - silent * 1000);
    utimesSync(path, time, time);
  };
  const taken = async (): Promise<boolean> => {
    const lock = await lockFolder(place());
    const mine =
      (JSON.parse(readFileSync(folder.path('.lock'), 'utf8')) as ProcessIdentity).pid === process.pid;
    await lock.release();
    assert.deepEqual(readdirSync(place()), []);
    return mine;
  };

  it('is held by one and given free', async () => {
    const lock = await lockFolder(place());
    assert.deepEqual(readdirSync(place()), ['.lock']);
    await rejectsWith(lockFolder(place()), { code: 'in-use', says: ['another run in this process'] });
    await lock.check();
    await lock.release();
    assert.ok(await taken());
  });

  it('of a process that is dead does not count', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await heldBy({ pid: child.pid });
    assert.ok(await taken());
  });

  it('of a living process counts, however silent', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    try {
      const status = process.platform === 'linux' ? readFileSync(`/proc/${child.pid}/stat`, 'utf8') : '';
      const started = status.split(' ')[21];
      if (started === undefined) return;
      await heldBy({ pid: child.pid, started }, 10_000);
      await rejectsWith(lockFolder(place()), {
        code: 'in-use',
        says: [`process ${child.pid}`, 'wait for it'],
      });
      // The same number, but of a process that started at another time: it was given again.
      await heldBy({ pid: child.pid, started: '1' });
      assert.ok(await taken());
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  });

  it('of another machine counts as long as it gives signs of life', async () => {
    await heldBy({ place: 'elsewhere', host: 'node17' }, 100);
    await rejectsWith(lockFolder(place()), {
      code: 'in-use',
      says: ['on node17', /try again in (19|20|21) s/],
    });
    await heldBy({ place: 'elsewhere' }, 130);
    assert.ok(await taken());
  });

  it('gives signs of life', async () => {
    const lock = await lockFolder(place(), { pulse: 0.01 });
    const path = folder.path('.lock');
    const text = readFileSync(path, 'utf8');
    utimesSync(path, new Date(0), new Date(0));
    while (statSync(path).mtimeMs === 0) await wait(5);
    assert.equal(readFileSync(path, 'utf8'), text);
    await lock.release();
  });

  it('that is damaged does not count', async () => {
    const time = new Date(Date.now() - 10_000);
    for (const text of ['', '{"pid":', 'null', '{"pid":"1"}']) {
      utimesSync(folder.write('.lock', text), time, time);
      assert.ok(await taken(), text);
    }
  });

  it('is noticed to be lost', async () => {
    const lock = await lockFolder(place());
    await heldBy({ pid: 4_000_000, host: 'node17' });
    await rejectsWith(lock.check(), { code: 'in-use', says: ['process 4000000 on node17', 'took it over'] });
    await lock.release();
    // Another's lock is left alone.
    assert.match(readFileSync(folder.path('.lock'), 'utf8'), /node17/);
    assert.ok(await taken());
  });

  it('goes to one of many that find a dead one at once', async () => {
    for (let round = 0; round < 10; round++) {
      await heldBy({ place: 'elsewhere' }, 1000);
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(place())));
      const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const sound = await Promise.allSettled(locks.map((lock) => lock.check()));
      assert.equal(sound.filter(({ status }) => status === 'fulfilled').length, 1);
      for (const result of results) {
        if (result.status === 'rejected') assert.match(String(result.reason), /folder in use/);
      }
      for (const lock of locks) await lock.release();
      assert.deepEqual(readdirSync(place()), []);
    }
  });
});

describe('a process', () => {
  it('is told from others', async () => {
    const own = await thisProcess();
    assert.equal(own.pid, process.pid);
    assert.notEqual(await isRunning(own), false);
    assert.equal(await isRunning({ ...own, place: join(own.place, 'other') }), undefined);
    assert.equal(await isRunning({ ...own, pid: 2 ** 30 }), false);
  });
});
