import assert from 'node:assert/strict';
import { joinDoubles, joinNeighbors } from '../../sdk/math/join-arrays';

describe('joining arrays', () => {
  const whole = Float64Array.of(1, 2, 3, 4, 5, 6);
  const part = (first: number, end: number): Float64Array => whole.subarray(first, end);

  it('copies them one after the other', () => {
    assert.deepEqual(joinDoubles([part(4, 6), part(0, 2)]), Float64Array.of(5, 6, 1, 2));
  });

  it('copies nothing where they are neighbors in memory, in their order', () => {
    const joined = joinNeighbors([part(1, 3), part(3, 6)]);
    assert.deepEqual(joined, part(1, 6));
    assert.equal(joined?.buffer, whole.buffer);
    for (const parts of [
      [part(0, 2), part(3, 6)],
      [part(3, 6), part(0, 3)],
      [part(0, 3), Float64Array.of(4)],
      [],
    ])
      assert.equal(joinNeighbors(parts), undefined);
  });
});
