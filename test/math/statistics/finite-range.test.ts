import assert from 'node:assert/strict';
import { finiteRange } from '../../../sdk/math/statistics/finite-range';

describe('the range of values', () => {
  it('is the least and the greatest', () => {
    assert.deepEqual(finiteRange([2, -3, 7, 0]), [-3, 7]);
    assert.deepEqual(finiteRange([]), [Infinity, -Infinity]);
  });

  it('is refused where a value is not finite, by its position', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      assert.throws(() => finiteRange([1, bad]), /invalid value at position 1/);
    }
  });
});
