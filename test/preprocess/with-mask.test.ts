import assert from 'node:assert/strict';
import { makeAffine } from '../../sdk/data/images/affine';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';
import { withMask } from '../../sdk/preprocess/with-mask';
import { checkError } from '../io/rejects-with';

const image = (values: readonly number[], origin = 0): Volume =>
  makeVolume(Float32Array.from(values), {
    shape: [values.length, 1, 1],
    affine: makeAffine([1, 1, 1], [origin, 0, 0]),
  });

describe('withMask', () => {
  const volume = image([5, 6, 7, 8]);

  it('takes what is above 0, of an array or of a volume on the same grid', () => {
    const wanted = Uint8Array.of(0, 1, 0, 1);
    for (const mask of [Uint8Array.of(0, 1, 0, 9), image([0, 0.2, -1, 3])]) {
      const masked = withMask(volume, mask);
      assert.deepEqual(masked.mask, wanted);
      assert.equal(masked.data, volume.data);
      assert.deepEqual(
        masked.provenance.map(({ step, options }) => [step, options]),
        [['withMask', { voxels: 2 }]],
      );
    }
    assert.equal(volume.mask, undefined);
    const again = withMask(withMask(volume, wanted), Uint8Array.of(1, 0, 0, 0));
    assert.deepEqual(again.mask, Uint8Array.of(1, 0, 0, 0));
  });

  it('refuses masks of another grid or size, and empty ones', () => {
    const cases = [
      [image([0, 1, 1]), 'different-grids', '3 × 1 × 1'],
      [image([0, 1, 1, 0], 3), 'different-grids', '4 × 1 × 1'],
      [Uint8Array.of(1, 1), 'invalid-option', '2 voxels for a volume of 4'],
      [new Uint8Array(4), 'invalid-option', 'empty mask'],
    ] as const;
    for (const [mask, code, says] of cases) {
      assert.throws(
        () => withMask(volume, mask),
        (error) => {
          checkError(error, { code, says: [says] });
          return true;
        },
      );
    }
  });
});
