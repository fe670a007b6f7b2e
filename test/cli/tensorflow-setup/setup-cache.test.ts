import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CacheEntry } from '../../../sdk/cli/tensorflow-setup/setup-cache';
import {
  bytesIn,
  cacheEntries,
  cacheFolder,
  entryAt,
  inParts,
  inUnits,
  makeEntry,
  requireRoom,
  wasEntry,
} from '../../../sdk/cli/tensorflow-setup/setup-cache';
import { skipWithout } from '../../support/skipping';
import { temporaryFolder } from '../../support/temporary-folder';

describe('the cache of the TensorFlow setup', () => {
  const files = temporaryFolder();

  it('is where the user wants it', () => {
    assert.equal(cacheFolder({ CONCORD_TENSORFLOW_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
    assert.equal(cacheFolder({ XDG_CACHE_HOME: '/b' }), join('/b', 'concord', 'tensorflow'));
    assert.equal(cacheFolder({}), join(homedir(), '.cache', 'concord', 'tensorflow'));
  });

  it('makes a folder whole or not at all', async () => {
    const target = files.path('folder');
    const failing = inParts(target, (part) => {
      writeFileSync(join(part, 'half'), '');
      return Promise.reject(new Error('cut short'));
    });
    await assert.rejects(failing, /cut short/);
    assert.deepEqual(readdirSync(files.path('')), []);
    await inParts(target, (part) => Promise.resolve(writeFileSync(join(part, 'all'), '12345')));
    assert.deepEqual(readdirSync(files.path('')), ['folder']);
    assert.equal(await bytesIn(target), 5);
  });

  it('takes away what a run that was killed has left, and nothing of a run that goes on', async () => {
    // No process has the number 2³¹ − 1; process 1 always runs.
    const [killed, running] = ['target.part-2147483647', 'target.part-1'].map((name) => files.path(name));
    for (const folder of [killed, running]) mkdirSync(folder);
    await inParts(files.path('target'), () => Promise.resolve());
    assert.deepEqual([existsSync(killed), existsSync(running)], [false, true]);
  });

  it('counts an entry only when it is complete', async () => {
    const cache = files.path('cache');
    const entry: CacheEntry = { folder: join(cache, '1.2'), tensorflow: '1.2', source: 'wheel', cuda: false };
    mkdirSync(join(entry.folder, 'deps'), { recursive: true });
    assert.equal(await entryAt(entry.folder), undefined);
    await makeEntry(entry, (part) => Promise.resolve(mkdirSync(join(part, 'whole'))));
    assert.deepEqual(readdirSync(entry.folder).sort(), ['entry.json', 'whole']);
    assert.deepEqual(await cacheEntries(cache), [entry]);
    assert.deepEqual(await cacheEntries(files.path('nowhere')), []);
  });

  it('counts a damaged entry as none, and makes it anew', async () => {
    const cache = files.path('cache');
    const entry: CacheEntry = { folder: join(cache, '1.2'), tensorflow: '1.2', source: 'wheel', cuda: false };
    const empty = (): Promise<void> => Promise.resolve();
    for (const text of [
      '{"tensorflow":"1.2","sou',
      '',
      'null',
      '7',
      '{}',
      '{"tensorflow":1,"source":"wheel"}',
    ]) {
      await makeEntry(entry, empty);
      writeFileSync(join(entry.folder, 'entry.json'), text);
      assert.equal(await entryAt(entry.folder), undefined, text);
      assert.deepEqual(await cacheEntries(cache), []);
      assert.equal(await wasEntry(entry.folder), true);
      await makeEntry(entry, empty);
      assert.deepEqual(await cacheEntries(cache), [entry]);
    }
  });

  it('checks the room on the disk', async () => {
    await requireRoom(files.path('room'), 1);
    const code = 'unavailable-backend';
    const message = /1000000000\.0 GB are needed \(make room, or .*CONCORD_TENSORFLOW_CACHE/;
    await assert.rejects(requireRoom(files.path('room'), 1e18), { code, message });
    const file = files.write('file', '');
    await assert.rejects(requireRoom(join(file, 'room'), 1), { code: 'unwritable-file' });
    assert.deepEqual([inUnits(274e6), inUnits(3.38e9)], ['274 MB', '3.4 GB']);
  });

  it('ends where no folder can be made (skipped where there is no /proc)', async function () {
    if (process.platform !== 'linux') {
      skipWithout(this, 'another operating system', 'only Linux has /proc, which nobody can write to');
    }
    // Node's own way of making several folders never ends there for root.
    const failure = { code: 'unwritable-file', message: /\/proc\/concord-x/ };
    await assert.rejects(requireRoom('/proc/concord-x/y', 1), failure);
    await assert.rejects(
      inParts('/proc/concord-x/y/z', () => Promise.resolve()),
      failure,
    );
  });
});
