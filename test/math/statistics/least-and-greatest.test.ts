import assert from 'node:assert/strict';
import { leastAndGreatest } from '../../../sdk/math/statistics/least-and-greatest';

describe('the least and the greatest', () => {
  it('are those of all numbers but NaN', () => {
    assert.deepEqual(leastAndGreatest(Float64Array.of(NaN, 2, -3, NaN, 7)), [-3, 7]);
    assert.deepEqual(leastAndGreatest(Float32Array.of(0.5)), [0.5, 0.5]);
    assert.deepEqual(leastAndGreatest(Float64Array.of(1, -Infinity, Infinity)), [-Infinity, Infinity]);
    assert.deepEqual(leastAndGreatest(Float64Array.of(NaN)), [Infinity, -Infinity]);
  });

  it('are those of every third from a first on', () => {
    const points = Float32Array.of(0, 9, 5, 1, 8, 6, 2, 7, 4);
    assert.deepEqual(leastAndGreatest(points, { from: 1, stride: 3 }), [7, 9]);
    assert.deepEqual(leastAndGreatest(points, { from: 2, stride: 3 }), [4, 6]);
  });
});
