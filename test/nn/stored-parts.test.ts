import assert from 'node:assert/strict';
import { isRange } from '../../sdk/nn/stored-parts';

describe('parts of stored networks', () => {
  it('are ranges of intensities only where they are two numbers, the lower one first', () => {
    assert.ok(isRange({ low: 0, high: 900 }));
    for (const other of [
      null,
      undefined,
      7,
      [],
      {},
      { low: 1, high: 1 },
      { low: 'a', high: 'b' },
      { low: null, high: 2 },
    ]) {
      assert.equal(isRange(other), false, JSON.stringify(other));
    }
  });
});
