import assert from 'node:assert/strict';
import { nextNonZero } from '../../../sdk/math/images/next-non-zero';
import { makeRandom } from '../../../sdk/math/random';

/** All values that are not 0 from one place on and before another, by looking at each. */
function byOne(values: Uint8Array | Float32Array, from: number, to: number): number[] {
  return Array.from(values.keys()).filter((at) => at >= from && at < to && values[at] !== 0);
}

function byNext(values: Uint8Array | Float32Array, from: number, to: number): number[] {
  const next = nextNonZero(values);
  const found: number[] = [];
  for (let at = next(from, to); at < to; at = next(at + 1, to)) found.push(at);
  return found;
}

describe('nextNonZero', () => {
  it('finds what is not 0, in masks and images of any length, from anywhere to anywhere', () => {
    const random = makeRandom(5);
    for (let size = 1; size < 90; size += 7) {
      for (const share of [0.02, 0.5]) {
        const mask = Uint8Array.from({ length: size }, () => (random.uniform() < share ? 1 : 0));
        const image = Float32Array.from(mask, (value) => -0.5 * value);
        for (let from = 0; from < size; from += 3) {
          for (const to of [from, Math.min(size, from + 11), size]) {
            const expected = byOne(mask, from, to);
            assert.deepEqual(byNext(mask, from, to), expected);
            assert.deepEqual(byNext(image, from, to), expected);
          }
        }
      }
    }
  });

  it('takes part of a longer array, which may begin between two words', () => {
    const mask = new Uint8Array(103).fill(1, 61, 64);
    for (const start of [4, 5, 6, 7]) {
      const part = mask.subarray(start);
      assert.deepEqual(byNext(part, 0, part.length), [61 - start, 62 - start, 63 - start]);
    }
  });

  it('takes minus zero as 0 and NaN as a value', () => {
    assert.deepEqual(byNext(Float32Array.of(0, -0, NaN, -0, -0, 0, 0, 0, 1e-45), 0, 9), [2, 8]);
  });
});
