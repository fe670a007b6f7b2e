import assert from 'node:assert/strict';
import { makeRandom } from '../../../sdk/math/random';
import { medianOf } from '../../../sdk/math/statistics/median';
import { medianInPlace } from '../../../sdk/math/statistics/median-in-place';

describe('medianInPlace', () => {
  it('is the median of a part, with and without ties, and leaves the others where they are', () => {
    const random = makeRandom(11);
    for (let length = 1; length < 60; length++) {
      for (const bound of [3, 1e6]) {
        const values = Float64Array.from({ length: length + 4 }, () => random.integer(bound));
        const before = values.slice();
        const expected = medianOf(values.subarray(2, 2 + length));
        assert.equal(medianInPlace(values, 2, 2 + length), expected);
        assert.deepEqual(values.slice(2, 2 + length).sort(), before.slice(2, 2 + length).sort());
        for (const at of [0, 1, length + 2, length + 3]) assert.equal(values[at], before[at]);
      }
    }
  });
});
