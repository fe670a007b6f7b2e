import assert from 'node:assert/strict';
import type { Plane } from '../../../sdk/data/images/image-set';
import { makeImageSet } from '../../../sdk/data/images/image-set';
import { makeVolume } from '../../../sdk/data/images/volume';
import { ConcordError } from '../../../sdk/errors';
import { makeRandom } from '../../../sdk/math/random';
import { fromSlices } from '../../../sdk/preprocess/slices/from-slices';
import { reorient } from '../../../sdk/preprocess/reorient';
import { toSlices } from '../../../sdk/preprocess/slices/to-slices';
import { obliqueVolume, volumeOf } from '../small-volume';

const random = makeRandom(3);
const volume = reorient(
  volumeOf([7, 6, 5], [1, 2, 3], () => random.normal()),
  { to: 'PSL' },
);

describe('fromSlices', () => {
  for (const plane of ['axial', 'coronal', 'sagittal'] as const satisfies readonly Plane[]) {
    for (const channels of [1, 3] as const) {
      it(`undoes toSlices exactly: ${plane}, ${channels} channels, padded or not`, () => {
        for (const size of [undefined, 12]) {
          const images = toSlices(volume, { plane, channels, size });
          const other = { ...volume, data: new Float32Array(volume.data.length).fill(7) };
          const result = fromSlices(images, other);
          assert.deepEqual(result.data, volume.data);
          assert.deepEqual(result.affine, volume.affine);
          assert.deepEqual(fromSlices(images).data, reorient(volume).data);
        }
      });
    }
  }

  it('keeps what no slice shows, and averages where several do', () => {
    const images = toSlices(volume, { at: { indices: [1, 2] }, channels: 3, size: 5 });
    const brighter = makeImageSet(
      images.data.map((value, at) => value + 100 * (at % 3) + (at < 75 ? 0 : 30)),
      images.shape,
      { slices: images.slices },
    );
    const result = reorient(fromSlices(brighter, volume));
    const before = reorient(volume);
    // Slice 0 is seen once, in channel 0 of the first; 1 and 2 twice; 3 once, in channel 2 of the second.
    const added = [0, (100 + 30) / 2, (200 + 130) / 2, 230, 0];
    result.data.forEach((value, at) => {
      const i = at % 7;
      const j = Math.floor(at / 7) % 6;
      const k = Math.floor(at / 42);
      const seen = i >= 1 && i < 6 && j < 5;
      assert.ok(Math.abs(value - before.data[at] - (seen ? added[k] : 0)) < 1e-4, `${i} ${j} ${k}`);
    });
  });

  it('brings the mask of the slices where there is no volume, else that of the volume', () => {
    const masked = obliqueVolume();
    const images = toSlices(masked, { at: { indices: [1] } });
    const alone = fromSlices(images);
    assert.equal(
      alone.mask?.reduce((sum, value) => sum + value, 0),
      2,
    );
    assert.deepEqual(fromSlices(images, masked).mask, masked.mask);
    assert.equal(alone.provenance.at(-1)?.step, 'fromSlices');
  });

  it('refuses slices of other volumes', () => {
    const refuses = (code: string) => (error: unknown) =>
      error instanceof ConcordError && error.code === code;
    const images = toSlices(volume, { at: { indices: [1, 2] } });
    assert.throws(() => fromSlices(images, obliqueVolume()), refuses('different-grids'));
    const moved = makeVolume(volume.data, {
      shape: volume.shape,
      affine: volume.affine.map((value, cell) => (cell === 3 ? value + 1 : value)),
    });
    assert.throws(() => fromSlices(images, moved), refuses('different-grids'));
    const two = { ...images, slices: [images.slices[0], { ...images.slices[1], scan: 'other' }] };
    assert.throws(() => fromSlices(two), refuses('invalid-option'));
    const none = makeImageSet(new Float32Array(0), [0, 6, 7, 1], { slices: [] });
    assert.throws(() => fromSlices(none), refuses('too-little-data'));
  });
});
