import assert from 'node:assert/strict';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

describe('concord setup-tensorflow', () => {
  const files = temporaryFolder();
  const before = process.env['CONCORD_TENSORFLOW_CACHE'];
  beforeEach(() => (process.env['CONCORD_TENSORFLOW_CACHE'] = files.path('cache')));
  afterEach(() => {
    if (before === undefined) delete process.env['CONCORD_TENSORFLOW_CACHE'];
    else process.env['CONCORD_TENSORFLOW_CACHE'] = before;
  });

  it('says where things stand', async () => {
    const { status, out, err } = await concord('setup-tensorflow', '--status');
    assert.deepEqual([status, err], [0, '']);
    assert.match(out, /^package: /);
    assert.ok(out.includes(`cache: ${files.path('cache')}, 0 MB`));
  });

  it('tells wrong usage from failure', async () => {
    const { status, err } = await concord('setup-tensorflow', '--from', 'nowhere');
    assert.equal(status, 2);
    assert.match(err, /prebuilt, python, wheel/);
  });
});
