import assert from 'node:assert/strict';
import { makeAffine } from '../../sdk/data/images/affine';
import { makeVolume } from '../../sdk/data/images/volume';
import { applyMask } from '../../sdk/preprocess/apply-mask';

describe('applyMask', () => {
  const grid = { shape: [4, 1, 1] as const, affine: makeAffine([1, 1, 1]) };
  const volume = makeVolume(Float32Array.from([1, 2, NaN, 4]), grid, { mask: Uint8Array.from([0, 1, 0, 1]) });

  it('sets what is outside to 0, or to what is asked for', () => {
    assert.deepEqual([...applyMask(volume).data], [0, 2, 0, 4]);
    const other = applyMask(volume, { outside: -1 });
    assert.deepEqual([...other.data], [-1, 2, -1, 4]);
    assert.equal(other.mask, volume.mask);
    assert.deepEqual(other.provenance.at(-1)?.options, { outside: -1 });
    assert.deepEqual([...volume.data], [1, 2, NaN, 4]);
  });
  it('requires a mask', () => {
    assert.throws(() => applyMask(makeVolume(volume.data, grid)), { code: 'missing-value' });
  });
});
