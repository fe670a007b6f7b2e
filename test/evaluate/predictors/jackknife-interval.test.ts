import assert from 'node:assert/strict';
import { jackknifeInterval } from '../../../sdk/evaluate/predictors/jackknife-interval';
import { makeRandom } from '../../../sdk/math/random';
import { studentQuantile } from '../../../sdk/math/statistics/student-quantile';

describe('the quantile of Student’s t', () => {
  it('is that of the tables', () => {
    // R 4: qt(0.975, c(1, 2, 4, 9, 29)) and qt(0.9, 5).
    const expected = [12.706204736, 4.30265273, 2.776445105, 2.262157163, 2.045229642];
    [1, 2, 4, 9, 29].forEach((freedom, at) => {
      assert.ok(Math.abs(studentQuantile(0.975, freedom) - expected[at]) < 1e-8);
    });
    assert.ok(Math.abs(studentQuantile(0.9, 5) - 1.475884049) < 1e-8);
    assert.ok(Math.abs(studentQuantile(0.5, 5)) < 1e-8);
  });
});

describe('the interval of few units', () => {
  const mean = (values: readonly number[]) => (units: readonly number[]) =>
    units.reduce((sum, unit) => sum + values[unit], 0) / units.length;

  it('is that of the t test where the statistic is a mean', () => {
    const values = [1, 2, 4, 7];
    const statistic = mean(values);
    const { low, high } = jackknifeInterval(4, { statistic, estimate: 3.5 });
    // SD √7, standard error √7 / 2, t(3) = 3.182446305.
    const half = (3.182446305 * Math.sqrt(7)) / 2;
    assert.ok(Math.abs(low - (3.5 - half)) < 1e-7 && Math.abs(high - (3.5 + half)) < 1e-7);
  });
  it('holds the truth as often as it says of two, three and five, of whom percentiles of resamples cannot', () => {
    const random = makeRandom(11);
    for (const count of [2, 3, 5]) {
      let held = 0;
      const draws = 600;
      for (let draw = 0; draw < draws; draw++) {
        const statistic = mean(Array.from({ length: count }, () => random.normal()));
        const estimate = statistic([...Array(count).keys()]);
        const { low, high } = jackknifeInterval(count, { statistic, estimate });
        if (low <= 0 && high >= 0) held++;
      }
      // Four standard errors: 4 √(0.95 · 0.05 / 600) = 0.036.
      assert.ok(Math.abs(held / draws - 0.95) < 0.036, `${count}: ${held / draws}`);
    }
  });
  it('has no width of one', () => {
    const { low, high } = jackknifeInterval(1, { statistic: mean([3]), estimate: 3 });
    assert.deepEqual([low, high], [3, 3]);
  });
});
