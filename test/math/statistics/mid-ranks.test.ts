import assert from 'node:assert/strict';
import { makeRandom } from '../../../sdk/math/random';
import { midRanks } from '../../../sdk/math/statistics/mid-ranks';

/** By the definition: how many are less, and the mean place among those that are equal. */
function ranksByCounting(values: Float64Array): Float64Array {
  return values.map((value) => {
    const less = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return less + (equal + 1) / 2;
  });
}

describe('midRanks', () => {
  const random = makeRandom(5);
  const many = (make: (i: number) => number): Float64Array =>
    Float64Array.from({ length: 1100 }, (_, i) => make(i));
  const cases: Readonly<Record<string, Float64Array>> = {
    'few values': Float64Array.from([3, 1, 2, 2, -1]),
    'normal values': many(() => random.normal()),
    'values with ties': many(() => Math.round(3 * random.normal())),
    'zeros of both signs': many((i) => [0, -0, 1, -1][i % 4]),
    'one value far from all others': many((i) => (i === 7 ? 1e12 : random.uniform())),
    'equal values': many(() => 4),
    'values next to each other': many((i) => 1 + Math.floor(i / 2) * Number.EPSILON),
    'infinite values': many((i) => [Infinity, -Infinity, random.normal()][i % 3]),
    'values whose range overflows': many((i) => (i % 2 === 0 ? 1.7e308 : -1.7e308) * random.uniform()),
  };
  for (const [name, values] of Object.entries(cases)) {
    it(`ranks ${name}`, () => {
      assert.deepEqual(midRanks(values), ranksByCounting(values));
    });
  }
});
