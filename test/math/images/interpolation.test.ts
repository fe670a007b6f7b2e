import assert from 'node:assert/strict';
import {
  cubicWeight,
  mirror,
  sampleCubic,
  sampleLinear,
  sampleNearest,
} from '../../../sdk/math/images/interpolation';
import { interpolateAffine } from '../../../sdk/math/images/interpolation-affine';
import { cubicPrefilter } from '../../../sdk/math/images/interpolation-prefilter';
import { general, image, matrix, shape } from '../interpolation-reference';

describe('interpolation at a point', () => {
  it('agrees with scipy at orders 0, 1 and 3', () => {
    const coefficients = cubicPrefilter(image, shape);
    let at = 0;
    for (let k = 0; k < 3; k++) {
      for (let j = 0; j < 3; j++) {
        for (let i = 0; i < 3; i++, at++) {
          const [x, y, z] = [0, 4, 8].map(
            (row) => matrix[row] * i + matrix[row + 1] * j + matrix[row + 2] * k + matrix[row + 3],
          );
          assert.ok(Math.abs(sampleNearest(image, shape, x, y, z) - general.nearest[at]) < 1e-6);
          assert.ok(Math.abs(sampleLinear(image, shape, x, y, z) - general.linear[at]) < 1e-6);
          assert.ok(Math.abs(sampleCubic(coefficients, shape, x, y, z) - general.cubic[at]) < 2e-6);
        }
      }
    }
  });

  it('gives back voxels, and the value asked for outside', () => {
    const coefficients = cubicPrefilter(image, shape);
    assert.equal(sampleLinear(image, shape, 4, 3, 5), image[image.length - 1]);
    assert.ok(Math.abs(sampleCubic(coefficients, shape, 2, 1, 3) - image[2 + 5 * (1 + 4 * 3)]) < 1e-5);
    assert.equal(sampleLinear(image, shape, -0.51, 0, 0, -7), -7);
    assert.equal(sampleCubic(coefficients, shape, 0, 3.51, 0, -7), -7);
    assert.equal(sampleNearest(image, shape, 0, 0, 5.51, -7), -7);
    assert.equal(sampleLinear(image, shape, NaN, 0, 0, -7), -7);
  });

  it('mirrors within half a voxel of the border', () => {
    assert.equal(sampleLinear(image, shape, -0.25, 0, 0), sampleLinear(image, shape, 0.25, 0, 0));
    assert.equal(sampleLinear(image, shape, 0, 0, 5.25), sampleLinear(image, shape, 0, 0, 4.75));
    assert.equal(mirror(-3, 4), 3);
    assert.equal(mirror(5, 4), 1);
    assert.equal(mirror(9, 1), 0);
  });

  it('has cubic weights that sum to 1', () => {
    for (const t of [0, 0.2, 0.5, 0.9]) {
      const sum = [0, 1, 2, 3].reduce((total, tap) => total + cubicWeight(tap, t), 0);
      assert.ok(Math.abs(sum - 1) < 1e-15);
    }
  });

  it('works on an image of one voxel', () => {
    const one = Float32Array.of(5);
    assert.equal(sampleLinear(one, [1, 1, 1], 0.3, -0.2, 0), 5);
    assert.ok(Math.abs(sampleCubic(cubicPrefilter(one, [1, 1, 1]), [1, 1, 1], 0.3, -0.2, 0) - 5) < 1e-12);
    const options = { shape: [1, 1, 1] as const, matrix: [1, 0, 0, 0.2, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
    const result = interpolateAffine(one, [1, 1, 1], { ...options, interpolation: 'linear', fill: 0 });
    assert.deepEqual([...result], [5]);
  });
});
