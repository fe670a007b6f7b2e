import assert from 'node:assert/strict';
import type { DrawnRows } from '../../../sdk/evaluate/predictors/prediction-bootstrap';
import { bootstrapPredictions } from '../../../sdk/evaluate/predictors/prediction-bootstrap';
import { evaluateTable } from '../../../sdk/evaluate/evaluate-table';
import { makeRandom } from '../../../sdk/math/random';
import { randomCohort } from '../audit-cohorts';

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('bootstrapPredictions', () => {
  const count = 400;
  const random = makeRandom(4);
  const errors = Array.from({ length: count }, () => Math.abs(random.normal()));
  const rows = [...errors.keys()];
  const center = mean(errors);
  const sd = Math.sqrt(errors.reduce((sum, error) => sum + (error - center) ** 2, 0) / (count - 1));
  // Every person has as many rows: those of a resample are as many as there are.
  const score = ({ counts, from, total }: DrawnRows): number => {
    const own = Array.from(counts.subarray(from, from + total));
    assert.equal(
      own.reduce((sum, often) => sum + often, 0),
      total,
    );
    return own.reduce((sum, often, row) => sum + often * errors[row % count], 0) / total;
  };

  // The interval of a mean by the normal approximation, mean ± 1.96 s / √n; with 4,000 resamples a quantile at 2.5 %
  // has a standard error of about 0.042 s / √n (√(p (1 − p) / resamples) over the density there, 0.0584).
  it('has the width of the normal approximation for a mean', () => {
    const persons = rows.map(String);
    const { estimate, low, high } = bootstrapPredictions({ persons, repeats: 1 }, score, {
      seed: 1,
      resamples: 4000,
    });
    const unit = sd / Math.sqrt(count);
    assert.equal(estimate, center);
    assert.ok(Math.abs((high - center) / unit - 1.96) < 0.2, `${(high - center) / unit}`);
    assert.ok(Math.abs((center - low) / unit - 1.96) < 0.2, `${(center - low) / unit}`);
  });

  it('draws persons with all their rows: rows that repeat add nothing', () => {
    const twice = [...rows, ...rows];
    const options = { seed: 1, resamples: 2000 };
    const single = { persons: rows.map(String), repeats: 1 };
    const double = { persons: twice.map(String), repeats: 1 };
    const [one, two] = [single, double].map((drawn) => bootstrapPredictions(drawn, score, options));
    for (const key of ['estimate', 'low', 'high'] as const) assert.ok(Math.abs(one[key] - two[key]) < 1e-12);
  });

  it('draws repetitions too, and estimates their mean', () => {
    const shifted = (drawn: DrawnRows, repeat: number): number => score(drawn) + repeat;
    const { estimate, low, high } = bootstrapPredictions({ persons: rows.map(String), repeats: 3 }, shifted, {
      seed: 1,
      resamples: 1000,
    });
    assert.ok(Math.abs(estimate - (center + 1)) < 1e-12);
    // A third of resamples are of the first repetition and a third of the last.
    assert.ok(Math.abs(low - center) < 4 * (sd / Math.sqrt(count)));
    assert.ok(Math.abs(high - center - 2) < 4 * (sd / Math.sqrt(count)));
  });
});

describe('the change from raw data', () => {
  it('is none for what was left as it was, and paired for what was not', async () => {
    const cohort = randomCohort({
      seed: 7,
      subjects: 120,
      features: 6,
      sites: 3,
      siteEffect: 0.5,
      ageEffect: 0.5,
      sexEffect: 1,
    });
    const same = await evaluateTable(cohort, cohort, { seeds: 2 });
    const [raw, after] = ['raw', 'in-sample'].map((state) =>
      [...same.regressions, ...same.classifications].filter(({ protocol }) => protocol === state),
    );
    assert.ok(raw.length === 4 && raw.every(({ change }) => change === undefined));
    for (const { change } of after) {
      assert.deepEqual([change?.estimate, change?.low, change?.high], [0, 0, 0]);
    }
    const random = makeRandom(1);
    const values = cohort.features.values.map((value) => value + 0.3 * random.normal());
    const noisy = { ...cohort, features: { ...cohort.features, values } };
    const { regressions } = await evaluateTable(cohort, noisy, { seeds: 2 });
    const [before, now] = ['raw', 'in-sample'].map((state) =>
      regressions.find(({ protocol, scheme }) => protocol === state && scheme === 'within-site'),
    );
    assert.ok(before && now?.change);
    assert.ok(Math.abs(now.change.estimate - (now.mae.estimate - before.mae.estimate)) < 1e-12);
    // Much narrower than what two independent intervals would give.
    assert.ok(now.change.high - now.change.low < 0.7 * (now.mae.high - now.mae.low));
  });
});
