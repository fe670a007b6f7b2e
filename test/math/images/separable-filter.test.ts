import assert from 'node:assert/strict';
import { gaussianKernel, separableFilter } from '../../../sdk/math/images/separable-filter';

describe('a separable filter', () => {
  it('leaves constants alone and repeats the edge when it mirrors', () => {
    const kernel = Float64Array.of(0.25, 0.5, 0.25);
    assert.deepEqual([...separableFilter(new Float64Array(6).fill(3), [2, 3], kernel)], [3, 3, 3, 3, 3, 3]);
    // By hand: (1 + 2·1 + 0) / 4, (1 + 0 + 0) / 4, 0; a second axis of one sample changes nothing.
    assert.deepEqual([...separableFilter(Float64Array.of(1, 0, 0), [3, 1], kernel)], [0.75, 0.25, 0]);
  });

  it('reaches beyond an axis shorter than the kernel', () => {
    const kernel = gaussianKernel(1.5, 5);
    const total = kernel.reduce((sum, weight) => sum + weight, 0);
    assert.ok(Math.abs(total - 1) < 1e-15);
    // Mirrored (b a a b b a a b b a | a b): the same weight in all falls on each side of the pair's middle.
    const [first, second] = separableFilter(Float64Array.of(0, 1), [2], kernel);
    assert.ok(Math.abs(first + second - 1) < 1e-12);
  });
});
