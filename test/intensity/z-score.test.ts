import assert from 'node:assert/strict';
import { makeVolume } from '../../sdk/data/images/volume';
import { zScore } from '../../sdk/intensity/z-score';
import { alike, inMask, tissueValues, tissueVolume } from '../support/tissue-values';

describe('zScore', () => {
  const volume = tissueVolume(tissueValues(4000));
  it('is that of numpy 2.4.6: mean 79.71062306249573, deviation 30.510843666489748', () => {
    const after = zScore(volume);
    const expected = tissueValues(4000).map((value) => (value - 79.71062306249573) / 30.510843666489748);
    assert.ok(alike(inMask(after).sort(), expected.sort(), 1e-5));
    assert.equal(after.mask, volume.mask);
    const { step, options } = after.provenance[0];
    assert.equal(step, 'zScore');
    assert.equal(options['region'], 'mask');
    assert.equal(options['outside'], 'auto');
    assert.ok(Math.abs((options['learned'] as { sd: number }).sd - 30.510843666489748) < 1e-5);
  });
  it('leaves a background that is 0 throughout at 0, unless told otherwise', () => {
    assert.equal(zScore(volume).data[0], 0);
    assert.ok(Math.abs(zScore(volume, { outside: 'map' }).data[0] + 79.71062 / 30.510844) < 1e-5);
    const head = zScore(tissueVolume(tissueValues(4000), 5));
    assert.ok(Math.abs(head.data[0] - (5 - 79.71062) / 30.510844) < 1e-5);
  });
  it('can learn from what is not 0 instead of a mask', () => {
    const { data, shape, affine } = volume;
    const bare = makeVolume(data, { shape, affine });
    assert.deepEqual(zScore(bare, { region: 'non-zero' }).data, zScore(volume).data);
    assert.throws(() => zScore(bare), { code: 'missing-value', message: /zScore requires a brain mask/ });
  });
  it('says what is wrong with a scan', () => {
    const { data, shape, affine, mask } = volume;
    const empty = makeVolume(data, { shape, affine }, { mask: new Uint8Array(data.length) });
    assert.throws(() => zScore(empty), {
      code: 'failed-step',
      message: /^too few voxels in the mask: 0 \(at least 100/,
    });
    const flat = makeVolume(new Float32Array(data.length).fill(7), { shape, affine }, { mask });
    assert.throws(() => zScore(flat), {
      code: 'invalid-voxels',
      message: /^all voxels in the mask are 7 \(/,
    });
    const broken = Float32Array.from(data, (value, i) => (mask?.[i] === 1 && value > 120 ? NaN : value));
    assert.throws(() => zScore(makeVolume(broken, { shape, affine }, { mask })), {
      code: 'invalid-voxels',
      message: /^invalid voxel in the mask: NaN/,
    });
    assert.throws(() => zScore(volume, { region: 'brain' as 'mask' }), { code: 'invalid-option' });
  });
  it('does not mind what is not finite outside the mask', () => {
    const { data, shape, affine, mask } = volume;
    const spoilt = Float32Array.from(data);
    spoilt[0] = NaN;
    assert.ok(Number.isNaN(zScore(makeVolume(spoilt, { shape, affine }, { mask })).data[0]));
    assert.ok(Number.isNaN(spoilt[0]) && data[0] === 0);
  });
});
