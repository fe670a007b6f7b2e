import assert from 'node:assert/strict';
import { deriveSeed, integersOf, makeRandom, permutation, xoshiro128 } from '../../sdk/math/random';

describe('random', () => {
  it('is xoshiro128**', () => {
    // Computed from the definition with unbounded integers (Python 3.11), state 1, 2, 3, 4:
    //   r = rotl(5·s1, 7)·9; t = s1 << 9; s2 ^= s0; s3 ^= s1; s1 ^= s2; s0 ^= s3; s2 ^= t; s3 = rotl(s3, 11)  mod 2³²
    const next = xoshiro128(Uint32Array.of(1, 2, 3, 4));
    const expected = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    assert.deepEqual(Array.from({ length: 10 }, next), expected);
  });

  it('gives the same numbers for the same seed and others for another', () => {
    const draw = (seed: number): number[] => {
      const random = makeRandom(seed);
      return Array.from({ length: 8 }, () => random.normal());
    };
    assert.deepEqual(draw(7), draw(7));
    assert.notDeepEqual(draw(7), draw(8));
    assert.notEqual(deriveSeed(7, 0), deriveSeed(7, 1));
  });

  it('draws uniform and normal numbers with the moments they should have', () => {
    const random = makeRandom(3);
    const n = 200_000;
    const uniform = Array.from({ length: n }, () => random.uniform());
    const normal = Array.from({ length: n }, () => random.normal());
    const moment = (values: number[], power: number): number =>
      values.reduce((sum, x) => sum + x ** power / n, 0);
    // Four standard errors of each moment.
    assert.ok(uniform.every((x) => x >= 0 && x < 1));
    assert.ok(Math.abs(moment(uniform, 1) - 1 / 2) < 4 * Math.sqrt(1 / 12 / n));
    assert.ok(Math.abs(moment(uniform, 2) - 1 / 3) < 4 * Math.sqrt(4 / 45 / n));
    assert.ok(Math.abs(moment(normal, 1)) < 4 * Math.sqrt(1 / n));
    assert.ok(Math.abs(moment(normal, 2) - 1) < 4 * Math.sqrt(2 / n));
    assert.ok(Math.abs(moment(normal, 3)) < 4 * Math.sqrt(15 / n));
    assert.ok(Math.abs(moment(normal, 4) - 3) < 4 * Math.sqrt(96 / n));
  });

  it('draws whole numbers by many as one after the other', () => {
    const random = makeRandom(11);
    const draw = integersOf(11, 559);
    for (const count of [5, 5, 1000]) {
      const drawn = new Int32Array(count);
      draw(drawn);
      assert.deepEqual(
        drawn,
        Int32Array.from({ length: count }, () => random.integer(559)),
      );
    }
  });

  it('shuffles every number once, each place as likely', () => {
    const random = makeRandom(5);
    const first = new Float64Array(5);
    for (let i = 0; i < 10_000; i++) {
      const order = permutation(5, random);
      assert.deepEqual([...order].sort(), [0, 1, 2, 3, 4]);
      first[order[0]]++;
    }
    assert.ok(first.every((count) => Math.abs(count - 2000) < 4 * Math.sqrt(10_000 * 0.2 * 0.8)));
  });
});
