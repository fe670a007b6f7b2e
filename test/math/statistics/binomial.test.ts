import assert from 'node:assert/strict';
import { binomialCumulative } from '../../../sdk/math/statistics/binomial';

describe('binomialCumulative', () => {
  const near = (found: number, expected: number): void =>
    assert.ok(Math.abs(found - expected) < 1e-13 * expected, `${found} ${expected}`);
  it('is as by pbinom of R 4.2.2', () => {
    const few = binomialCumulative(4, 0.3);
    assert.equal(few.length, 5);
    [0.2401, 0.6517, 0.9163, 0.9919, 1].forEach((expected, k) => near(few[k], expected));
    const many = binomialCumulative(10_000, 0.5);
    [0.02329276385247368, 0.50398932306969102, 0.9777871004769596].forEach((expected, at) =>
      near(many[4900 + 100 * at], expected),
    );
    const rare = binomialCumulative(1000, 0.003);
    [0.049563082823155552, 0.647232057319090393, 0.999999999989909405].forEach((expected, at) =>
      near(rare[[0, 3, 20][at]], expected),
    );
  });
  it('knows what always and what never happens', () => {
    assert.deepEqual([...binomialCumulative(3, 0)], [1, 1, 1, 1]);
    assert.deepEqual([...binomialCumulative(3, 1)], [0, 0, 0, 1]);
  });
});
