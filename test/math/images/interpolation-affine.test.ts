import assert from 'node:assert/strict';
import { sampleCubic, sampleLinear } from '../../../sdk/math/images/interpolation';
import { interpolateAffine } from '../../../sdk/math/images/interpolation-affine';
import { cubicPrefilter } from '../../../sdk/math/images/interpolation-prefilter';
import { makeRandom } from '../../../sdk/math/random';
import { general, image, matrix, shape } from '../interpolation-reference';

describe('interpolateAffine', () => {
  for (const interpolation of ['nearest', 'linear', 'cubic'] as const) {
    it(`agrees with scipy.ndimage.affine_transform: ${interpolation}`, () => {
      const result = interpolateAffine(image, shape, { shape: [3, 3, 3], matrix, interpolation, fill: 0 });
      assert.equal(result.length, 27);
      result.forEach((value, at) => assert.ok(Math.abs(value - general[interpolation][at]) < 2e-6));
    });
  }

  it('agrees with sampling point by point, inside, at the border and outside', () => {
    const random = makeRandom(2);
    const size = [12, 11, 13] as const;
    const data = Float32Array.from({ length: 12 * 11 * 13 }, () => random.normal());
    const turn = [0.8, -0.5, 0.1, 3.0123, 0.4, 0.9, 0.2, -2.4877, -0.1, -0.2, 1.1, 1.2345, 0, 0, 0, 1];
    const wide = { shape: [15, 16, 14] as const, matrix: turn, fill: 9 };
    const linear = interpolateAffine(data, size, { ...wide, interpolation: 'linear' });
    const cubic = interpolateAffine(data, size, { ...wide, interpolation: 'cubic' });
    const coefficients = cubicPrefilter(data, size);
    let outside = 0;
    for (let k = 0, at = 0; k < 14; k++) {
      for (let j = 0; j < 16; j++) {
        for (let i = 0; i < 15; i++, at++) {
          const [x, y, z] = [0, 4, 8].map(
            (row) => turn[row] * i + turn[row + 1] * j + turn[row + 2] * k + turn[row + 3],
          );
          assert.ok(Math.abs(linear[at] - sampleLinear(data, size, x, y, z, 9)) < 1e-5);
          assert.ok(Math.abs(cubic[at] - sampleCubic(coefficients, size, x, y, z, 9)) < 1e-5);
          if (linear[at] === 9) outside++;
        }
      }
    }
    assert.ok(outside > 100 && outside < 3000);
  });
});
