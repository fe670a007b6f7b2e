import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { findPython } from '../../../sdk/cli/tensorflow-setup/find-python';
import type { Python } from '../../../sdk/cli/tensorflow-setup/find-python';
import { needsOfExtra, unpackWheel } from '../../../sdk/cli/tensorflow-setup/unpack-wheel';
import { temporaryFolder } from '../../support/temporary-folder';
import { writeWheel } from './fake-programs';
import { skipWithout } from '../../support/skipping';

describe('unpacking a wheel', () => {
  const files = temporaryFolder();
  let python: Python;
  before(async function () {
    const found = await findPython();
    if (found === undefined) skipWithout(this, 'Python');
    python = found;
  });

  it('takes what is wanted and tells what the wheel needs', async () => {
    const wheel = writeWheel(files.path('one.whl'));
    const wanted = ['tensorflow/include/tensorflow/c/', 'tensorflow/libtensorflow_cc.so.2'];
    const { files: count, needs } = await unpackWheel(wheel, files.path('site'), { python, wanted });
    assert.equal(count, 2);
    assert.equal(readFileSync(files.path('site/tensorflow/libtensorflow_cc.so.2'), 'utf8'), 'library');
    assert.equal(existsSync(files.path('site/tensorflow/python')), false);
    assert.deepEqual(needs, ['numpy>=1.26', 'nvidia-nccl-cu12<3.0,>=2.27.7; extra == "and-cuda"']);
  });

  it('refuses a damaged one', async () => {
    const whole = readFileSync(writeWheel(files.path('whole.whl')));
    const wheel = files.write('cut.whl', whole.subarray(0, whole.length - 30));
    const unpacking = unpackWheel(wheel, files.path('cut'), { python, wanted: [''] });
    await assert.rejects(unpacking, { code: 'unavailable-backend', message: /cannot unpack .*cut\.whl/ });
  });

  it('finds what an extra needs', () => {
    const needs = ["a (<2,>=1) ; extra == 'cuda'", 'b>1; extra == "cuda2"', 'c'];
    assert.deepEqual(needsOfExtra(needs, 'cuda'), ['a<2,>=1']);
  });
});
