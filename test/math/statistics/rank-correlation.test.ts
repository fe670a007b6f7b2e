import assert from 'node:assert/strict';
import { rankCorrelation } from '../../../sdk/math/statistics/rank-correlation';

describe('rankCorrelation', () => {
  it('is that of scipy 1.17.1 (spearmanr) with many equal values', () => {
    const [a, b] = [
      [1, 2, 2, 3, 5, 5, 5],
      [2, 1, 4, 4, 3, 9, 9],
    ].map((values) => Float64Array.from(values));
    assert.ok(Math.abs(rankCorrelation(a, b) - 0.6764666413954515) < 1e-14);
  });

  it('is 1 or −1 where the order is the same or reversed, and NaN where a side does not vary', () => {
    const up = Float64Array.of(1, 10, 100);
    assert.equal(rankCorrelation(up, Float64Array.of(-3, 0, 2)), 1);
    assert.equal(rankCorrelation(up, Float64Array.of(3, 2, 1)), -1);
    assert.ok(Number.isNaN(rankCorrelation(up, Float64Array.of(2, 2, 2))));
    assert.ok(Number.isNaN(rankCorrelation(Float64Array.of(1), Float64Array.of(1))));
  });
});
