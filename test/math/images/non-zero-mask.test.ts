import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import { nonZeroMask } from '../../../sdk/math/images/non-zero-mask';

const image = (values: readonly number[]): Volume =>
  makeVolume(Float32Array.from(values), {
    shape: [values.length, 1, 1],
    affine: makeAffine([1, 1, 1]),
  });

describe('nonZeroMask', () => {
  it('takes the voxels that are not 0', () => {
    const { mask, provenance, issues } = nonZeroMask(image([0, 3, -0, -2]));
    assert.deepEqual(mask, Uint8Array.of(0, 1, 0, 1));
    assert.deepEqual(
      provenance.map(({ step, options }) => [step, options]),
      [['nonZeroMask', { voxels: 2 }]],
    );
    assert.deepEqual(issues, []);
  });

  it('says when nothing is 0', () => {
    assert.deepEqual(
      nonZeroMask(image([1, 2])).issues.map(({ code }) => code),
      ['doubtful-mask'],
    );
    assert.deepEqual(nonZeroMask(image([1, 2]), { file: 'a.nii' }).issues[0].where, { file: 'a.nii' });
  });
});
