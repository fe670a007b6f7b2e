import assert from 'node:assert/strict';
import { jointCorrelation, jointSpread } from '../../../sdk/math/statistics/correlation';

describe('jointCorrelation', () => {
  const wetWeight = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1];
  const score = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8];

  it('is that of the help page of cor.test of R 4.5 (Hollander and Wolfe 1973), whatever the mean', () => {
    const known = 0.5711816;
    assert.ok(Math.abs(jointCorrelation(jointSpread(wetWeight, score)) - known) < 5e-8);
    // Sums of squares less the square of sums have no digit left here.
    const [far, large] = [wetWeight.map((value) => value + 2 ** 30), score.map((value) => value - 2 ** 30)];
    assert.ok(Math.abs(jointCorrelation(jointSpread(far, large)) - known) < 1e-6);
  });

  it('is over the pairs that both have, and NaN where one does not vary', () => {
    const [more, others] = [
      [...wetWeight, NaN, 1],
      [...score, 2, NaN],
    ];
    assert.deepEqual(jointSpread(more, others), jointSpread(wetWeight, score));
    const same = new Float64Array(9).fill(0.1);
    assert.equal(jointSpread(same, score).squaresA, 0);
    assert.ok(Number.isNaN(jointCorrelation(jointSpread(same, score))));
    assert.ok(Number.isNaN(jointCorrelation(jointSpread([], []))));
  });
});
