import assert from 'node:assert/strict';
import { makeRandom } from '../../../sdk/math/random';
import { sortFloats } from '../../../sdk/math/statistics/sort-floats';

describe('sortFloats', () => {
  const random = makeRandom(7);
  const drawn = Float64Array.from({ length: 20_000 }, () => random.normal() * 10 ** (4 * random.normal()));
  const compared = (values: Float64Array): Float64Array => Float64Array.from(values).sort((a, b) => a - b);
  it('sorts single-precision numbers of either sign and any size as comparison does', () => {
    const singles = Float64Array.from(drawn, (value, i) =>
      i % 9 === 0 ? Math.trunc(value) : Math.fround(value),
    );
    singles.set([Infinity, -Infinity, 0, 1e-45, -1e-45].map(Math.fround));
    assert.deepEqual(
      sortFloats(Float64Array.from(singles)).map((value) => value + 0),
      compared(singles).map((value) => value + 0),
    );
  });
  it('sorts numbers that need double precision', () => {
    assert.deepEqual(sortFloats(Float64Array.from(drawn)), compared(drawn));
  });
  it('puts NaN last', () => {
    const sorted = sortFloats(Float64Array.from(drawn, (value, i) => (i === 5 ? NaN : Math.fround(value))));
    assert.ok(Number.isNaN(sorted[sorted.length - 1]) && !Number.isNaN(sorted[sorted.length - 2]));
  });
});
