import assert from 'node:assert/strict';
import { beyondChance, jointP, leastOf } from '../../../sdk/evaluate/models/several-tests';
import { makeRandom } from '../../../sdk/math/random';

describe('several tests at once', () => {
  it('have the p value of Simes together: the least of p m / rank', () => {
    // p m / rank: 0.04, 0.03, 0.2667 …, 0.9.
    assert.ok(Math.abs(jointP([0.2, 0.015, 0.9, 0.01]) - 0.03) < 1e-15);
    assert.ok(Number.isNaN(jointP([NaN])));
    assert.equal(jointP([NaN, 0.7]), 0.7);
    assert.equal(leastOf([0.3, NaN, 0.2]), 0.2);
  });
  it('count by the step-up procedure of Hochberg', () => {
    // Worked by hand: adjusted p are the least of (m − rank + 1) p of this and larger ones: 0.0025, 0.04, 0.06, 0.08, 0.3.
    assert.deepEqual(beyondChance([0.02, 0.3, 0.0005, 0.04, 0.01], 0.05), [false, false, true, false, true]);
    // All at 0.05 or below: all count, where the step-down procedure of Holm counts one.
    assert.deepEqual(beyondChance([0.01, 0.02, 0.03, 0.04, 0.05], 0.05), new Array<boolean>(5).fill(true));
    assert.deepEqual(beyondChance([NaN, 0.03], 0.05), [false, true]);
    assert.deepEqual(beyondChance([], 0.05), []);
  });
  it('count one or more by chance as often as the level says, also where two of three say the same', () => {
    const random = makeRandom(3);
    const draws = 20000;
    const rate = (of: () => readonly number[]): number => {
      let found = 0;
      for (let draw = 0; draw < draws; draw++) if (beyondChance(of(), 0.05).includes(true)) found++;
      return found / draws;
    };
    const apart = rate(() => [random.uniform(), random.uniform(), random.uniform()]);
    const alike = rate(() => {
      const same = random.uniform();
      return [same, same, random.uniform()];
    });
    // Four standard errors: 4 √(0.05 · 0.95 / 20000) = 0.006. Two that are one count from 0.025 on, the third from
    // 0.0167, and all three from 0.05 on.
    assert.ok(Math.abs(apart - 0.05) < 0.006, `${apart}`);
    const both = 0.025 * (0.05 - 1 / 60);
    assert.ok(Math.abs(alike - (0.025 + 0.975 / 60 + both)) < 0.006, `${alike}`);
  });
});
