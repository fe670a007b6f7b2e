import assert from 'node:assert/strict';
import { binValues } from '../../../sdk/math/statistics/value-bins';

describe('binValues', () => {
  it('keeps count and mean of every bin', () => {
    const { centers, counts, total } = binValues([0, 1, 1.5, 9, 10], 5);
    assert.deepEqual([...counts], [3, 2]);
    assert.ok(Math.abs(centers[0] - 2.5 / 3) < 1e-12);
    assert.equal(centers[1], 9.5);
    assert.equal(total, 5);
  });
  it('puts equal values in one bin', () => {
    assert.deepEqual([...binValues([4, 4, 4]).centers], [4]);
  });
});
