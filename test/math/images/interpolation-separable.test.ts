import assert from 'node:assert/strict';
import { interpolateAxes } from '../../../sdk/math/images/interpolation-separable';
import { image, separable, shape } from '../interpolation-reference';

const positions = [
  { start: 0.27, step: 0.7, count: 4 },
  { start: -0.31, step: 1.3, count: 3 },
  { start: 0.12, step: 1.9, count: 3 },
] as const;

describe('interpolateAxes', () => {
  for (const interpolation of ['nearest', 'linear', 'cubic'] as const) {
    it(`agrees with scipy.ndimage.affine_transform: ${interpolation}`, () => {
      const result = interpolateAxes(image, shape, { positions, interpolation, fill: 0 });
      assert.equal(result.length, 36);
      result.forEach((value, at) => assert.ok(Math.abs(value - separable[interpolation][at]) < 2e-6));
    });
  }

  it('fills exactly what lies more than half a voxel outside, and keeps voxels as they are', () => {
    const shifted = [
      { start: -1, step: 1, count: 7 },
      { start: 0, step: 1, count: 4 },
      { start: 2, step: 1, count: 5 },
    ] as const;
    const result = interpolateAxes(image, shape, { positions: shifted, interpolation: 'linear', fill: -3 });
    for (let k = 0, at = 0; k < 5; k++) {
      for (let j = 0; j < 4; j++) {
        for (let i = 0; i < 7; i++, at++) {
          const there = i >= 1 && i <= 5 && k <= 3;
          assert.equal(result[at], there ? image[i - 1 + 5 * (j + 4 * (k + 2))] : -3);
        }
      }
    }
  });

  it('gives a copy where nothing changes', () => {
    const same = [5, 4, 6].map((count) => ({ start: 0, step: 1, count }));
    const result = interpolateAxes(image, shape, {
      positions: [same[0], same[1], same[2]],
      interpolation: 'cubic',
      fill: 0,
    });
    assert.deepEqual(result, image);
    assert.notEqual(result, image);
  });
});
