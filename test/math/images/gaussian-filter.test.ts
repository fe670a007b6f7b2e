import assert from 'node:assert/strict';
import type { Triple } from '../../../sdk/data/images/affine';
import { gaussianFilter } from '../../../sdk/math/images/gaussian-filter';

describe('gaussianFilter', () => {
  const shape: Triple = [7, 6, 5];
  const saw = Float32Array.from({ length: 210 }, (_, i) => (i * 37) % 101);

  // scipy 1.17.1: gaussian_filter(x, sigma, mode='constant') / gaussian_filter(ones, sigma, mode='constant').
  const places = [0, 6, 41, 104, 150, 209];
  const cases: [Triple, number[]][] = [
    [
      [1.2, 0, 2.3],
      [41.22204, 55.52462, 39.11827, 50.79742, 56.35448, 45.07757],
    ],
    [
      [0.6, 1, 0.8],
      [38.932, 46.74554, 35.81072, 45.84158, 53.98794, 37.41984],
    ],
  ];
  for (const [sigma, expected] of cases) {
    it(`agrees with scipy for sigma ${sigma.join(', ')}`, () => {
      const out = gaussianFilter(saw, shape, sigma);
      places.forEach((place, at) => assert.ok(Math.abs(out[place] - expected[at]) < 2e-5, `at ${place}`));
    });
  }

  it('keeps a constant constant up to the edges, with a kernel wider than the image', () => {
    const out = gaussianFilter(new Float32Array(210).fill(3), shape, [2, 5, 0.7]);
    for (const value of out) assert.ok(Math.abs(value - 3) < 1e-6);
  });

  it('leaves alone what it is given, and axes of sigma 0', () => {
    const before = saw.slice();
    const same = gaussianFilter(saw, shape, [0, 0, 0]);
    assert.deepEqual(same, before);
    assert.notEqual(same, saw);
    gaussianFilter(saw, shape, [1, 1, 1]);
    assert.deepEqual(saw, before);
  });

  it('spreads a point by the standard deviation asked for', () => {
    const size = 31;
    const point = new Float32Array(size ** 3);
    point[15 * (1 + size + size * size)] = 1;
    const out = gaussianFilter(point, [size, size, size], [1.5, 2, 2.5]);
    const variance = [0, 0, 0];
    out.forEach((value, i) => {
      const at = [i % size, Math.floor(i / size) % size, Math.floor(i / size ** 2)];
      at.forEach((place, axis) => (variance[axis] += value * (place - 15) ** 2));
    });
    [1.5, 2, 2.5].forEach((sigma, axis) => {
      // Cut off at four standard deviations, which takes a thousandth of the variance.
      assert.ok(Math.abs(Math.sqrt(variance[axis]) - sigma) < 2e-3 * sigma);
    });
  });
});
