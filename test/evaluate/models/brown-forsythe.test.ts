import assert from 'node:assert/strict';
import { brownForsythe } from '../../../sdk/evaluate/models/brown-forsythe';
import { makeRandom } from '../../../sdk/math/random';

const SCIPY = { statistic: 1.0045372050816697, p: 0.40384309389150613 };

describe('brownForsythe', () => {
  it('is the test of scipy', () => {
    // scipy 1.17.1: stats.levene([1, 2, 4, 8], [3, 3.5, 5], [0, 9, 2, 7, 1], center='median').
    const values = Float64Array.of(1, 2, 4, 8, 3, 3.5, 5, 0, 9, 2, 7, 1);
    const groups = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2);
    const { statistic, p } = brownForsythe(values, groups, 3);
    assert.ok(Math.abs(statistic - SCIPY.statistic) < 1e-12, `${statistic}`);
    assert.ok(Math.abs(p - SCIPY.p) < 1e-12, `${p}`);
  });

  it('passes over groups of one and two, which say nothing of spread', () => {
    const values = Float64Array.of(4, 1, 2, 4, 8, 50, 3, 3.5, 5, -9, 0, 9, 2, 7, 1);
    const groups = Int32Array.of(3, 0, 0, 0, 0, 4, 1, 1, 1, 4, 2, 2, 2, 2, 2);
    assert.ok(Math.abs(brownForsythe(values, groups, 5).statistic - SCIPY.statistic) < 1e-12);
    // scipy finds a difference in any such groups: F is infinite.
    const random = makeRandom(1);
    const pairs = Float64Array.from({ length: 20 }, () => random.normal());
    const { p } = brownForsythe(
      pairs,
      Int32Array.from(pairs, (_, row) => row >> 1),
      10,
    );
    assert.ok(Number.isNaN(p));
  });
});
