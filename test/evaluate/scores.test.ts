import assert from 'node:assert/strict';
import { bootstrapMean, bootstrapWithinGroups } from '../../sdk/evaluate/predictors/bootstrap';
import {
  areaWithinGroups,
  balancedAccuracy,
  recallPerClass,
} from '../../sdk/evaluate/predictors/classification-scores';
import { stratifiedFolds } from '../../sdk/evaluate/splits/folds';
import { makeRandom } from '../../sdk/math/random';

describe('classification scores', () => {
  it('area under the curve as by scikit-learn 1.9.1, ties counting half', () => {
    const scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.2, 0.35];
    const positive = [false, false, true, true, true, true, false, false];
    assert.equal(areaWithinGroups(scores, positive, new Int32Array(scores.length)), 0.875);
    assert.equal(areaWithinGroups([1, 1], [true, false], [0, 0]), 0.5);
    assert.ok(Number.isNaN(areaWithinGroups([1, 2], [true, true], [0, 0])));
  });
  it('balanced accuracy as by scikit-learn 1.9.1', () => {
    const truth = Int32Array.of(0, 0, 0, 1, 1, 2, 2, 2, 2);
    const named = Int32Array.of(0, 0, 1, 1, 2, 2, 2, 0, 2);
    assert.ok(Math.abs(balancedAccuracy(truth, named, 3) - 0.6388888888888888) < 1e-15);
    assert.deepEqual([...recallPerClass(truth, named, 4)], [2 / 3, 0.5, 0.75, NaN]);
  });
});

describe('stratifiedFolds', () => {
  const groups = Int32Array.from({ length: 103 }, (_, i) => (i < 50 ? 0 : i < 96 ? 1 : 2));
  const strata = Int32Array.from(groups, (_, i) => i % 2);
  const folds = stratifiedFolds(groups, 5, { seed: 4, strata });
  const count = (test: (i: number) => boolean, fold: number): number =>
    folds.filter((met, i) => met === fold && test(i)).length;
  it('shares every site out evenly, and each sex within a site', () => {
    for (const group of [0, 1, 2]) {
      const sizes = [0, 1, 2, 3, 4].map((fold) => count((i) => groups[i] === group, fold));
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `site ${group}: ${sizes.join(' ')}`);
      const even = [0, 1, 2, 3, 4].map((fold) => count((i) => groups[i] === group && strata[i] === 0, fold));
      assert.ok(Math.max(...even) - Math.min(...even) <= 1, `site ${group}, stratum 0: ${even.join(' ')}`);
    }
    const totals = [0, 1, 2, 3, 4].map((fold) => count(() => true, fold));
    assert.ok(Math.max(...totals) - Math.min(...totals) <= 1);
  });
  it('depends on the seed and on nothing else', () => {
    assert.deepEqual(stratifiedFolds(groups, 5, { seed: 4, strata }), folds);
    assert.notDeepEqual(stratifiedFolds(groups, 5, { seed: 5, strata }), folds);
  });
});

describe('bootstrapMean', () => {
  it('covers the normal interval of a mean', () => {
    const random = makeRandom(2);
    const values = Array.from({ length: 400 }, () => 10 + 3 * random.normal());
    const { estimate, low, high, level } = bootstrapMean(values, { seed: 1 });
    const mean = values.reduce((sum, value) => sum + value, 0) / 400;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 399);
    assert.equal(level, 0.95);
    assert.ok(Math.abs(estimate - mean) < 1e-12);
    assert.ok(Math.abs(low - (mean - (1.96 * sd) / 20)) < 0.03);
    assert.ok(Math.abs(high - (mean + (1.96 * sd) / 20)) < 0.03);
  });
  it('is the value itself when there is one, and repeats for the same seed', () => {
    assert.deepEqual(bootstrapMean([3], { seed: 1 }), { estimate: 3, low: 3, high: 3, level: 0.95 });
    assert.deepEqual(bootstrapMean([1, 2, 4], { seed: 9 }), bootstrapMean([1, 2, 4], { seed: 9 }));
  });
});

describe('bootstrapWithinGroups', () => {
  const groups = Int32Array.from({ length: 300 }, (_, i) => (i < 200 ? 0 : 1));
  // Correct: half of the first group, a fifth of the second. Standard error √(0.25 / 200 + 0.16 / 100) / 2 = 0.0267.
  const named = Float64Array.from({ length: 300 }, (_, i) => Number(i < 200 ? i % 2 === 0 : i % 5 === 0));
  it('covers the normal interval of a balanced accuracy', () => {
    const { estimate, low, high } = bootstrapWithinGroups([named], groups, { seed: 1, resamples: 4000 });
    assert.ok(Math.abs(estimate - 0.35) < 1e-12);
    assert.ok(Math.abs(low - (0.35 - 1.96 * 0.0267)) < 0.005, `${low}`);
    assert.ok(Math.abs(high - (0.35 + 1.96 * 0.0267)) < 0.005, `${high}`);
  });
  it('is no narrower for repeats that contradict each other, which average to no spread at all', () => {
    const opposite = named.map((value) => 1 - value);
    const { estimate, low, high } = bootstrapWithinGroups([named, opposite], groups, { seed: 1 });
    assert.ok(Math.abs(estimate - 0.5) < 1e-12);
    assert.ok(high - low > 0.1);
  });
  it('has the interval that drawing persons one by one has, whether they were named alike in all repeats or not', () => {
    const other = named.map((value, i) => (i % 3 === 0 ? 1 - value : value));
    for (const repeats of [[named], [named, other]]) {
      const options = { seed: 5, resamples: 4000 };
      const counted = bootstrapWithinGroups(repeats, groups, options);
      // What is neither 0 nor 1 is drawn.
      const doubled = repeats.map((values) => values.map((value) => 2 * value));
      const drawn = bootstrapWithinGroups(doubled, groups, options);
      assert.ok(Math.abs(drawn.estimate / 2 - counted.estimate) < 1e-12);
      // A quantile at 2.5 % of 4,000 resamples has a standard error of 0.042 of the standard error of the mean, 0.0267; one
      // person more or less is 0.0025.
      const enough = 4 * 0.042 * 0.0267 + 0.0025;
      for (const end of ['low', 'high'] as const)
        assert.ok(Math.abs(drawn[end] / 2 - counted[end]) < enough, `${drawn[end]} ${counted[end]}`);
    }
  });
  it('has the quantiles of the binomial distribution for one group, whatever the seed', () => {
    // qbinom(c(.025, .975), 200, .5) of R 4.2.2 is 86 and 114.
    for (const seed of [1, 2]) {
      const own = { seed, resamples: 1000 };
      const { low, high } = bootstrapWithinGroups([named.slice(0, 200)], groups.slice(0, 200), own);
      assert.deepEqual([low, high], [0.43, 0.57]);
    }
  });
  it('repeats for the same seed', () => {
    const of = (seed: number): unknown => bootstrapWithinGroups([named], groups, { seed, resamples: 50 });
    assert.deepEqual(of(3), of(3));
    assert.notDeepEqual(of(3), of(4));
  });
});
