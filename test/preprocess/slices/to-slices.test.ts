import assert from 'node:assert/strict';
import type { ImageSet } from '../../../sdk/data/images/image-set';
import { makeVolume } from '../../../sdk/data/images/volume';
import { ConcordError } from '../../../sdk/errors';
import type { ToSlicesOptions } from '../../../sdk/preprocess/slices/to-slices';
import { toSlices } from '../../../sdk/preprocess/slices/to-slices';
import { obliqueVolume, volumeOf } from '../small-volume';

const indices = (images: ImageSet): readonly number[] => images.slices.map((slice) => slice.index);
const invalid = (error: unknown): boolean => error instanceof ConcordError && error.code === 'invalid-option';

describe('toSlices', () => {
  // numpy.rot90 (and fliplr for sagittal) of nibabel 5.4.2's as_closest_canonical of the same array: front up, left
  // left; sagittal with the front on the left.
  const expected: readonly (readonly [ToSlicesOptions, readonly number[], readonly number[]])[] = [
    [{ plane: 'axial', at: { indices: [1] } }, [1, 2, 4, 1], [2, 8, 14, 20, 3, 9, 15, 21]],
    [{ plane: 'coronal', at: { indices: [0] } }, [1, 3, 4, 1], [5, 11, 17, 23, 3, 9, 15, 21, 1, 7, 13, 19]],
    [{ plane: 'sagittal', at: { indices: [2] } }, [1, 3, 2, 1], [16, 17, 14, 15, 12, 13]],
  ];
  for (const [options, shape, values] of expected) {
    it(`shows ${options.plane} slices of any orientation as they are looked at`, () => {
      const images = toSlices(obliqueVolume(), options);
      assert.deepEqual(images.shape, shape);
      assert.deepEqual([...images.data], values);
      assert.deepEqual(
        [...(images.mask ?? [])],
        values.map((value) => (value < 6 ? 1 : 0)),
      );
    });
  }

  // 2 mm slices at 0, 2 … 58 mm; the brain is in slices 5 to 24.
  const volume = volumeOf([4, 5, 30], [1, 1, 2], (i, j, k) => i + 10 * j + 100 * k);
  const brain = makeVolume(volume.data, volume, {
    mask: Uint8Array.from(volume.data, (_, at) =>
      Math.floor(at / 20) >= 5 && Math.floor(at / 20) < 25 ? 1 : 0,
    ),
  });

  it('chooses slices by number, by millimeters and spread over the brain', () => {
    const at = (positions: ToSlicesOptions['at']): readonly number[] =>
      indices(toSlices(brain, { at: positions }));
    assert.deepEqual(
      at(undefined),
      Array.from({ length: 30 }, (_, k) => k),
    );
    assert.deepEqual(at({ indices: [7, 3] }), [7, 3]);
    assert.deepEqual(at({ millimeters: [0, 12.9, 58.9] }), [0, 6, 29]);
    assert.deepEqual(at({ count: 3, from: 0, to: 1 }), [5, 15, 24]);
    assert.deepEqual(at({ count: 1 }), [15]);
    assert.deepEqual(at({ every: 15 }), [8, 15, 23]);
    const whole = toSlices(volume, { at: { count: 2, from: 0, to: 1 } });
    assert.deepEqual(indices(whole), [0, 29]);
    assert.deepEqual(
      whole.slices.map((slice) => slice.position),
      [0, 58],
    );
    assert.equal(whole.mask, undefined);
  });

  it('refuses slices that are not there', () => {
    const wrong: readonly ToSlicesOptions['at'][] = [
      { indices: [30] },
      { indices: [-1] },
      { indices: [1.5] },
      { indices: [] },
      { millimeters: [60] },
      { millimeters: [-1.1] },
      { millimeters: [NaN] },
      { count: 0 },
      { count: 25, from: 0, to: 1 },
      { count: 2, from: 0.6, to: 0.4 },
      { every: 0 },
      { every: 100 },
    ];
    for (const at of wrong) assert.throws(() => toSlices(brain, { at }), invalid, JSON.stringify(at));
    assert.throws(() => toSlices(brain, { plane: 'oblique' as 'axial' }), invalid);
    assert.throws(() => toSlices(brain, { channels: 2 as 3 }), invalid);
    assert.throws(() => toSlices(brain, { size: 0 }), invalid);
  });

  it('puts the neighbors of a slice into the channels around it, at the ends the slice itself', () => {
    const images = toSlices(volume, { channels: 3, at: { indices: [0, 9] } });
    assert.deepEqual(images.shape, [2, 5, 4, 3]);
    // The upper left pixel is at the front: j = 4.
    assert.deepEqual([...images.data.subarray(0, 3)], [40, 40, 140]);
    assert.deepEqual([...images.data.subarray(60, 66)], [840, 940, 1040, 841, 941, 1041]);
  });

  it('pads and crops to a size, centered, and never scales intensities', () => {
    const images = toSlices(brain, { at: { indices: [6] }, size: [7, 3], fill: -5, scan: 'one' });
    assert.deepEqual(images.shape, [1, 7, 3, 1]);
    assert.deepEqual(images.slices[0].offset, [1, -1]);
    assert.equal(images.slices[0].scan, 'one');
    assert.deepEqual([...images.data.subarray(0, 9)], [-5, -5, -5, 641, 642, 643, 631, 632, 633]);
    assert.deepEqual([...images.data.subarray(18)], [-5, -5, -5]);
    assert.deepEqual([...(images.mask ?? new Uint8Array()).subarray(0, 4)], [0, 0, 0, 1]);
    // Without a fill the corners of the volume tell: their median is between 43 and 2900.
    assert.equal(toSlices(brain, { at: { indices: [6] }, size: 9 }).data[0], (43 + 2900) / 2);
  });
});
