import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../sdk/io/files/make-folder';
import { readAsset, readJsonFile, readTextFile } from '../../sdk/io/files/read-file';
import { writeFileSafely, writeSafely } from '../../sdk/io/files/write-file';
import { checkError, rejectsWith } from './rejects-with';
import { temporaryFolder } from '../support/temporary-folder';
import { skipWithout } from '../support/skipping';

describe('writeFileSafely', () => {
  const folder = temporaryFolder();
  const leftovers = (): string[] =>
    readdirSync(dirname(folder.path('x'))).filter((name) => name.endsWith('.tmp'));

  it('writes text and bytes', async () => {
    await writeFileSafely(folder.path('a.txt'), 'ä\n');
    await writeFileSafely(folder.path('b.bin'), Uint8Array.of(0, 255));
    assert.equal(readFileSync(folder.path('a.txt'), 'utf8'), 'ä\n');
    assert.deepEqual([...readFileSync(folder.path('b.bin'))], [0, 255]);
    assert.deepEqual(leftovers(), []);
  });

  it('replaces a file only when asked to', async () => {
    const path = folder.write('c.txt', 'old');
    await rejectsWith(writeFileSafely(path, 'new'), {
      code: 'file-exists',
      says: [path, 'overwrite: true'],
      where: { file: path },
    });
    assert.equal(readFileSync(path, 'utf8'), 'old');
    await writeFileSafely(path, 'new', { overwrite: true });
    assert.equal(readFileSync(path, 'utf8'), 'new');
  });

  it('does not replace a file that appears while it writes', async () => {
    const path = folder.path('race.txt');
    const work = writeSafely(path, async (temporary) => {
      await writeFileSafely(temporary, 'mine');
      folder.write('race.txt', 'theirs');
    });
    await rejectsWith(work, { code: 'file-exists', says: [path] });
    assert.equal(readFileSync(path, 'utf8'), 'theirs');
    assert.deepEqual(leftovers(), []);
  });

  it('leaves the old file and nothing else when writing fails', async () => {
    const path = folder.write('d.txt', 'old');
    const work = writeSafely(
      path,
      async (temporary) => {
        await writeFileSafely(temporary, 'half');
        throw new Error('the disk caught fire');
      },
      { overwrite: true },
    );
    await rejectsWith(work, { code: 'unwritable-file', says: [path, 'the disk caught fire'] });
    assert.equal(readFileSync(path, 'utf8'), 'old');
    assert.deepEqual(leftovers(), []);
  });

  it('says what is wrong with the place', async () => {
    await rejectsWith(writeFileSafely(folder.path('no/e.txt'), ''), {
      code: 'unwritable-file',
      says: ['the folder does not exist'],
    });
    mkdirSync(folder.path('f'));
    await rejectsWith(writeFileSafely(folder.path('f'), '', { overwrite: true }), {
      code: 'unwritable-file',
      says: ['a folder of that name is there'],
    });
    assert.deepEqual(leftovers(), []);
  });
});

describe('makeFolder', () => {
  const folder = temporaryFolder();

  it('makes a folder with those above it, and takes away what it made and is empty', async () => {
    const unmake = await makeFolder(folder.path('a/b/c'));
    assert.deepEqual(readdirSync(folder.path('a/b/c')), []);
    await unmake();
    assert.ok(!existsSync(folder.path('a')));
    const keep = await makeFolder(folder.path('d/e'));
    folder.write('d/mine.txt', '');
    await keep();
    assert.deepEqual(readdirSync(folder.path('d')), ['mine.txt']);
    mkdirSync(folder.path('f'));
    await (
      await makeFolder(folder.path('f'))
    )();
    assert.ok(existsSync(folder.path('f')), 'a folder that was there stays');
  });

  it('says why a place cannot be a folder', async () => {
    const path = folder.write('file', 'mine');
    await rejectsWith(makeFolder(path), {
      code: 'unwritable-file',
      says: [path, 'a file of that name is there'],
      where: { file: path },
    });
    await rejectsWith(makeFolder(folder.path('file/below')), {
      code: 'unwritable-file',
      says: ['not a folder'],
    });
    assert.equal(readFileSync(path, 'utf8'), 'mine');
  });

  it('finds a folder that takes no files (skipped where there is no /proc)', async function () {
    if (process.platform !== 'linux') {
      skipWithout(this, 'another operating system', 'only Linux has /proc, which nobody can write to');
    }
    await rejectsWith(makeFolder('/proc'), { code: 'unwritable-file', says: ['cannot write /proc'] });
    // Node's own way of making several folders never ends here for root.
    await rejectsWith(makeFolder('/proc/concord-x'), {
      code: 'unwritable-file',
      says: ['/proc/concord-x', 'no folder can be made there'],
    });
    await rejectsWith(makeFolder('/proc/concord-x/y/z'), {
      code: 'unwritable-file',
      says: ['/proc/concord-x'],
    });
  });

  it('makes a folder that others make at the same time', async () => {
    await Promise.all(Array.from({ length: 8 }, async () => makeFolder(folder.path('g/h/i'))));
    assert.deepEqual(readdirSync(folder.path('g/h/i')), []);
  });
});

describe('reading files', () => {
  const folder = temporaryFolder();

  it('reads text, the byte order mark set aside', async () => {
    assert.equal(await readTextFile(folder.write('a.txt', '\ufeffä')), 'ä');
    await rejectsWith(readTextFile(folder.write('b.txt', Uint8Array.of(0xe4))), {
      code: 'unreadable-file',
      says: ['b.txt', 'UTF-8'],
    });
    await rejectsWith(readTextFile(folder.path('absent.txt')), {
      code: 'unreadable-file',
      says: ['no such file'],
    });
    await rejectsWith(readTextFile(folder.path('')), { code: 'unreadable-file', says: ['it is a folder'] });
  });

  it('reads JSON, and says where it is broken', async () => {
    assert.deepEqual(await readJsonFile(folder.write('a.json', '{"a": [1]}')), { a: [1] });
    const path = folder.write('b.json', '{"a": ');
    await rejectsWith(readJsonFile(path), { code: 'malformed-model', says: ['invalid JSON', path] });
    const table = folder.write('c.json', 'a,b\n1,2\n');
    await rejectsWith(readJsonFile(table), { code: 'malformed-model', says: ['invalid JSON', table] });
    await rejectsWith(readJsonFile(path, { malformed: 'unsupported-format' }), {
      code: 'unsupported-format',
      says: [path],
    });
  });

  it('reads an asset of a package', () => {
    assert.match(readAsset(require.resolve('picomatch/package.json')).toString(), /"picomatch"/);
    assert.throws(
      () => readAsset(folder.path('absent.js')),
      (error) => (checkError(error, { code: 'unreadable-file', says: ['absent.js', 'no such file'] }), true),
    );
  });
});
