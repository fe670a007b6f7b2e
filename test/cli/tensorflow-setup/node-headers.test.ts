import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeHeaders } from '../../../sdk/cli/tensorflow-setup/node-headers';
import type { SetupRun } from '../../../sdk/cli/tensorflow-setup/setup-run';
import { fakePrograms } from './fake-programs';

describe("the headers of Node's interface for addons", () => {
  const programs = fakePrograms();
  const said: string[] = [];
  const run = (): SetupRun => ({
    cache: join(programs.root(), 'cache'),
    say: (line) => said.push(line),
    onBytes: () => undefined,
    attempt: () => Promise.reject(new Error('not asked for')),
  });
  const node = (): string => join(programs.root(), 'node', 'bin', 'node');

  it('are those that came with Node', async () => {
    const folder = join(programs.root(), 'node', 'include', 'node');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'node_api.h'), '');
    assert.equal(await nodeHeaders(run(), node()), folder);
    assert.deepEqual(programs.called(), []);
  });

  it('are else fetched from npm, once', async () => {
    const files = 'mkdir -p package/include; echo >package/include/node_api.h';
    programs.put('npm', `${files}; tar czf node-api-headers-1.9.0.tgz package; rm -r package`);
    programs.put('tar', '$REAL "$@"');
    const folder = await nodeHeaders(run(), node());
    assert.equal(folder, join(programs.root(), 'cache', 'node-api-headers-1.9.0', 'package', 'include'));
    assert.match(said.join(), /fetching node-api-headers@1\.9\.0 with npm/);
    programs.called();
    assert.equal(await nodeHeaders(run(), node()), folder);
    assert.deepEqual(programs.called(), []);
  });

  it('have a remedy where npm cannot', async () => {
    programs.put('npm', 'echo "npm error ENOTFOUND" >&2; exit 1');
    const message = /cannot fetch the headers of Node \(install them: apt install .*:\nnpm error ENOTFOUND/;
    await assert.rejects(nodeHeaders(run(), node()), { code: 'unavailable-backend', message });
  });
});
