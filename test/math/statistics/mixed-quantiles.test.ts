import assert from 'node:assert/strict';
import { mixedQuantiles } from '../../../sdk/math/statistics/mixed-quantiles';

describe('mixedQuantiles', () => {
  const levels = [0.1, 0.25, 0.5, 0.75, 0.9];
  const uniform = (from: number, to: number): number[] => levels.map((level) => from + level * (to - from));
  const near = (found: readonly number[], wanted: readonly number[]): void =>
    found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-9, `${value} for ${wanted[i]}`));

  it('are those of one part, and of equal parts', () => {
    assert.deepEqual(mixedQuantiles(levels, [{ weight: 3, quantiles: uniform(1, 2) }]), uniform(1, 2));
    const twice = [1, 5].map((weight) => ({ weight, quantiles: uniform(0, 4) }));
    near(mixedQuantiles(levels, twice), uniform(0, 4));
  });

  it('are exact for uniform distributions beside each other and over each other', () => {
    // A quarter on 0 … 1 and three quarters on 1 … 2: F is x / 4, then 1/4 + 3/4 (x − 1).
    const beside = [
      { weight: 1, quantiles: uniform(0, 1) },
      { weight: 3, quantiles: uniform(1, 2) },
    ];
    near(mixedQuantiles(levels, beside), [0.4, 1, 1 + 1 / 3, 1 + 2 / 3, 1 + 13 / 15]);
    // Half on 0 … 1 and half on 0 … 4: F is 5/8 x up to 1, then 1/2 + x / 8.
    const over = [1, 4].map((to) => ({ weight: 1, quantiles: uniform(0, to) }));
    near(mixedQuantiles(levels, over), [0.16, 0.4, 0.8, 2, 3.2]);
  });

  it('stand where many values are the same', () => {
    const parts = [[5, 5, 5, 5, 5], uniform(0, 10)].map((quantiles) => ({ weight: 1, quantiles }));
    near(mixedQuantiles(levels, parts), [2, 5, 5, 5, 8]);
  });
});
