import assert from 'node:assert/strict';
import { sampleCubic } from '../../../sdk/math/images/interpolation';
import { cubicPrefilter } from '../../../sdk/math/images/interpolation-prefilter';
import { makeRandom } from '../../../sdk/math/random';
import { coefficients, image, shape } from '../interpolation-reference';

describe('cubicPrefilter', () => {
  it('agrees with scipy.ndimage.spline_filter', () => {
    const result = cubicPrefilter(image, shape);
    const at = (i: number, j: number, k: number): number => result[i + 5 * (j + 4 * k)];
    const lines = [
      [0, 1, 2, 3, 4].map((i) => at(i, 1, 2)),
      [0, 1, 2, 3].map((j) => at(2, j, 3)),
      [0, 1, 2, 3, 4, 5].map((k) => at(4, 3, k)),
    ];
    lines.forEach((line, n) =>
      line.forEach((value, i) => assert.ok(Math.abs(value - coefficients[n][i]) < 5e-6)),
    );
  });

  it('gives splines through every voxel of a long, wide image', () => {
    const random = makeRandom(5);
    const size = [70, 33, 41] as const;
    const data = Float32Array.from({ length: 70 * 33 * 41 }, () => random.normal());
    const result = cubicPrefilter(data, size);
    for (let n = 0; n < 300; n++) {
      const [i, j, k] = size.map((count) => random.integer(count));
      assert.ok(Math.abs(sampleCubic(result, size, i, j, k) - data[i + 70 * (j + 33 * k)]) < 1e-5);
    }
  });

  it('leaves a constant and what came in as they are', () => {
    const data = new Float32Array(60).fill(3);
    const result = cubicPrefilter(data, [5, 4, 3]);
    assert.ok(result.every((value) => Math.abs(value - 3) < 1e-6));
    assert.ok(data.every((value) => value === 3));
  });
});
