import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { ConcordError } from '../../../sdk/errors';
import { makeFolder } from '../../../sdk/io/files/make-folder';
import { temporaryFolder } from '../../support/temporary-folder';

describe('a folder for results', () => {
  const folder = temporaryFolder();

  it('is made with those above it, and taken away again where it stays empty', async () => {
    const unmake = await makeFolder(folder.path('a/b/c'));
    assert.ok(existsSync(folder.path('a/b/c')));
    await unmake();
    assert.ok(!existsSync(folder.path('a')));
  });

  it('keeps what was written into it, and what was there before', async () => {
    const unmake = await makeFolder(folder.path('kept/inner'));
    writeFileSync(join(folder.path('kept'), 'file'), '');
    await unmake();
    assert.ok(!existsSync(folder.path('kept/inner')));
    assert.ok(existsSync(folder.path('kept/file')));
    await (
      await makeFolder(folder.path('kept'))
    )();
    assert.ok(existsSync(folder.path('kept')));
  });

  it('that was removed by somebody else is nothing to fail at when tidying up', async () => {
    const unmake = await makeFolder(folder.path('gone/inner'));
    rmSync(folder.path('gone'), { recursive: true });
    await unmake();
    assert.ok(!existsSync(folder.path('gone')));
  });

  it('that is removed at any moment of its making is made, or said to be removed', async () => {
    for (let delay = 0; delay < 40; delay += 1) {
      const path = folder.path(`race-${delay}`);
      const made = makeFolder(path).then(
        () => undefined,
        (error: unknown) => error,
      );
      for (let turn = 0; turn < delay || !existsSync(path); turn += 1) await setImmediate();
      rmSync(path, { recursive: true, force: true, maxRetries: 9 });
      const error = await made;
      if (error === undefined) continue;
      assert.ok(error instanceof ConcordError, inspect(error));
      assert.match(error.message, /race-\d+: the folder was removed during the work/);
    }
  });
});
