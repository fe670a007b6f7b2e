import assert from 'node:assert/strict';
import { numpyShuffle } from '../../sdk/math/numpy-shuffle';

// Made once by NumPy 2.4.6: numpy.random.seed(seed), then numpy.random.shuffle of a fresh numpy.arange each time.

describe('numpyShuffle', () => {
  const known: readonly [number, readonly number[], readonly number[]][] = [
    [0, [2, 8, 4, 9, 1, 6, 7, 3, 0, 5], [3, 5, 1, 2, 9, 8, 0, 6, 7, 4]],
    [1, [6, 2, 1, 0, 4, 3, 5], [2, 3, 4, 1, 6, 0, 5]],
    [123, [7, 10, 4, 0, 5, 9, 8, 11, 3, 1, 6, 12, 2], [2, 1, 8, 7, 10, 4, 5, 6, 3, 12, 11, 0, 9]],
  ];
  for (const [seed, first, second] of known) {
    it(`seed ${seed}`, () => {
      const shuffle = numpyShuffle(seed);
      assert.deepEqual([...shuffle(first.length)], first);
      assert.deepEqual([...shuffle(first.length)], second);
    });
  }

  it('after more draws than the state of the generator has words', () => {
    const shuffle = numpyShuffle(20261129);
    for (let before = 0; before < 3; before++) shuffle(1000);
    const order = shuffle(1000);
    assert.deepEqual([...order.subarray(0, 8)], [418, 234, 284, 692, 156, 55, 410, 921]);
    assert.equal(
      order.reduce((sum, value, at) => sum + value * at, 0),
      250766689,
    );
  });
});
