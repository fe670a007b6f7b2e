import assert from 'node:assert/strict';
import { mean } from 'simple-statistics';
import { startDeciding } from '../../../../sdk/evaluate/predictors/svm/decide-by-kernels';
import { decidePlainly } from '../../../../sdk/evaluate/predictors/svm/decide-plainly';
import { nameBySvm, svmDecisions } from '../../../../sdk/evaluate/predictors/svm/name-by-svm';
import type { SvmTask } from '../../../../sdk/evaluate/predictors/svm/svm-task';
import { planSvm } from '../../../../sdk/evaluate/predictors/svm/svm-task';
import { innerProducts } from '../../../../sdk/math/linear/inner-products';
import { makeRandom } from '../../../../sdk/math/random';

import { applyScaling, fitScaling } from '../../../../sdk/evaluate/splits/scaling';
import { solveSvmDual } from '../../../../sdk/math/linear/svm-dual';
import type { FeatureMatrix } from '../../../../sdk/data/feature-matrix';
import { takeRows } from '../../../../sdk/data/feature-matrix';

const COUNT = 60;
const WIDTH = 5;
/** Made from whole numbers, so that Python makes the same. */
const matrix: FeatureMatrix = {
  values: Float64Array.from({ length: COUNT * WIDTH }, (_, at) => {
    const i = Math.floor(at / WIDTH);
    const k = at % WIDTH;
    return ((i * 7919 + k * 104729 + i * k * 31 + i * i * 17) % 1000) / 100 + (k === i % 3 ? 1.5 : 0);
  }),
  subjects: Array.from({ length: COUNT }, (_, i) => `s${i}`),
  features: Array.from({ length: WIDTH }, (_, k) => `f${k}`),
};
const labels = Int32Array.from({ length: COUNT }, (_, i) => (i % 11 === 0 ? 0 : i % 3));
const trainRows = [...labels.keys()].filter((i) => i % 4 !== 0);
const testRows = [...labels.keys()].filter((i) => i % 4 === 0);
const scaling = fitScaling(takeRows(matrix, trainRows));
const train = applyScaling(scaling, takeRows(matrix, trainRows));
const test = applyScaling(scaling, takeRows(matrix, testRows));
const trainLabels = Int32Array.from(trainRows, (i) => labels[i]);
const task: SvmTask = { train, test, width: WIDTH, labels: trainLabels, classes: 3, gamma: 1 / WIDTH };

// scikit-learn 1.9.1: StandardScaler, SVC(class_weight='balanced', C=1, gamma='scale'), three classes.
const PREDICTED = {
  linear: [2, 0, 0, 0, 2, 0, 0, 2, 0, 2, 0, 0, 0, 0, 0],
  rbf: [2, 0, 2, 0, 2, 0, 0, 2, 0, 2, 0, 0, 0, 0, 0],
};
// The same, class 0 against the rest without weights: decision_function of the first five test items.
const DECISIONS = {
  linear: [
    -1.5280806017153676, -0.42261568331486643, -0.6287754469585598, 0.24543302032446213, -0.5936684212305704,
  ],
  rbf: [
    -1.1865598535254387, -0.12237605220085251, -0.2686407449410394, 0.08670010000077483, -1.2141806307212437,
  ],
};

/** Two classes that hardly differ, made from whole numbers. */
const alikeSigns = Float64Array.from({ length: 48 }, (_, i) => ((i * i * 5 + i) % 7 < 3 ? 1 : -1));
const alikeItems = Float64Array.from({ length: 48 * 4 }, (_, at) => {
  const i = at >> 2;
  const k = at & 3;
  const shift = k === 0 && alikeSigns[i] > 0 ? 0.5 : 0;
  return ((i * 7919 + k * 104729 + i * k * 31 + i * i * (17 + k)) % 997) / 250 - 2 + shift;
});
// scikit-learn 1.9.1: decision_function of SVC(kernel='linear', C=1, tol=1e-12), which holds its kernel in single precision.
const ALIKE = [
  -0.7771840092623468, 0.7771831813604309, 0.999999623756678, 0.7771833123400824, -0.7771837473030279,
  -0.9999999784039153,
];

/** Items of so many classes that overlap, and items to be named. */
function drawn({
  classes,
  items,
  width,
  seed,
}: {
  classes: number;
  items: number;
  width: number;
  seed: number;
}): SvmTask {
  const random = makeRandom(seed);
  const labels = Int32Array.from({ length: items }, () => Math.floor(random.uniform() ** 2 * classes));
  const values = (count: number, label: (item: number) => number): Float64Array =>
    Float64Array.from(
      { length: count * width },
      (_, at) => random.normal() + 0.3 * label(Math.floor(at / width)),
    );
  const tests = Math.ceil(items / 3);
  return {
    train: values(items, (item) => labels[item]),
    test: values(tests, (item) => item % classes),
    width,
    labels,
    classes,
    gamma: 1 / width,
  };
}

/** The same items with the mean of each class taken off, as in harmonized tables: what is left hardly tells them apart. */
function centered({ train, labels, width, ...task }: SvmTask): SvmTask {
  const of = (label: number): number[] => [...labels.keys()].filter((item) => labels[item] === label);
  const means = Array.from({ length: task.classes }, (_, label) =>
    Array.from({ length: width }, (_, k) => mean(of(label).map((item) => train[item * width + k]))),
  );
  const left = train.map((value, at) => value - means[labels[Math.floor(at / width)]][at % width]);
  return { ...task, labels, width, train: left };
}

describe('support vector machine', () => {
  for (const kernel of ['linear', 'rbf'] as const) {
    it(`names the same classes as scikit-learn (${kernel})`, () => {
      assert.deepEqual([...nameBySvm(task)[kernel]], PREDICTED[kernel]);
    });
    it(`has the same decision values as scikit-learn (${kernel}), to the solvers’ tolerance`, () => {
      // Class 0 against the rest, and such costs that classes do not count.
      const two = trainLabels.map((label) => (label === 0 ? 0 : 1));
      const pairs = [{ first: 0, second: 1, costs: [1, 1] as const }];
      const { members } = planSvm({ ...task, labels: two, classes: 2 });
      const decisions = svmDecisions({ ...task, labels: two, classes: 2 }, { members, pairs })[kernel];
      DECISIONS[kernel].forEach((expected, item) => {
        assert.ok(Math.abs(decisions[item] - expected) < 2e-3, `${decisions[item]} is not ${expected}`);
      });
    });
  }
  it('decides the same by kernels as in plain JavaScript, to the bit', () => {
    const withThreads = drawn({ classes: 3, items: 500, width: 700, seed: 5 });
    // One that is dropped disturbs none of those that are under way with it.
    const dropped = startDeciding(withThreads, planSvm(withThreads));
    const examples = [
      task,
      drawn({ classes: 5, items: 150, width: 300, seed: 3 }),
      drawn({ classes: 2, items: 41, width: 1, seed: 4 }),
      // Classes that do not differ: most items end on a bound, and those that still move are solved for alone.
      { ...drawn({ classes: 3, items: 210, width: 5, seed: 6 }), cost: 20 },
      // All free items move at once, when they are most of all, and when they are few of many.
      centered(drawn({ classes: 2, items: 90, width: 200, seed: 7 })),
      centered(drawn({ classes: 2, items: 200, width: 40, seed: 8 })),
      withThreads,
    ];
    const pending = examples.map((example) => startDeciding(example, planSvm(example)));
    dropped?.drop();
    examples.forEach((example, at) => {
      assert.deepEqual(pending[at]?.finish(), decidePlainly(example, planSvm(example)));
    });
  });
  it('satisfies the constraints of the dual: Σ yα = 0, 0 ≤ α ≤ C', () => {
    const n = trainRows.length;
    const signs = Float64Array.from(trainLabels, (label) => (label === 1 ? 1 : -1));
    const bounds = signs.map((sign) => (sign > 0 ? 2 : 0.5));
    const { weights } = solveSvmDual(innerProducts(train, train, WIDTH), signs, bounds);
    assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0)) < 1e-12);
    weights.forEach((weight, i) => assert.ok(weight * signs[i] >= 0 && weight * signs[i] <= bounds[i]));
    assert.ok(n > 0 && weights.some((weight, i) => Math.abs(weight) === bounds[i]));
  });
  it('meets the conditions of the optimum, worked out anew, where classes are alike', () => {
    for (const width of [40, 300]) {
      const { train, labels } = centered(drawn({ classes: 2, items: 150, width, seed: 9 }));
      const kernel = innerProducts(train, train, width);
      const signs = Float64Array.from(labels, (label) => (label === 1 ? 1 : -1));
      const bounds = signs.map((sign) => (sign > 0 ? 1.5 : 0.75));
      const { weights } = solveSvmDual(kernel, signs, bounds);
      assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0)) < 1e-12);
      // Keerthi & Gilbert 2002, Machine Learning 46:351: no item that may grow lies above one that may shrink.
      const ascent = signs.map(
        (sign, i) =>
          sign - weights.reduce((sum, weight, j) => sum + weight * kernel[i * signs.length + j], 0),
      );
      const alpha = weights.map((weight, i) => weight * signs[i]);
      const grows = [...alpha.keys()].filter((i) => (signs[i] > 0 ? alpha[i] < bounds[i] : alpha[i] > 0));
      const shrinks = [...alpha.keys()].filter((i) => (signs[i] > 0 ? alpha[i] > 0 : alpha[i] < bounds[i]));
      const gap = Math.max(...grows.map((i) => ascent[i])) - Math.min(...shrinks.map((i) => ascent[i]));
      assert.ok(gap < 1e-3 + 1e-9, `${gap}`);
      assert.ok(alpha.some((value, i) => value > 0 && value < bounds[i]));
    }
  });
  it('ends at the optimum itself where classes are alike and items are many for their values', () => {
    for (const [width, seed] of [
      [12, 3],
      [40, 10],
    ]) {
      const { train, labels } = centered(drawn({ classes: 2, items: 150, width, seed }));
      const signs = Float64Array.from(labels, (label) => (label === 1 ? 1 : -1));
      const bounds = signs.map((sign) => (sign > 0 ? 1.5 : 0.75));
      const kernel = innerProducts(train, train, width);
      const { weights, bias } = solveSvmDual(kernel, signs, bounds, { values: train, width });
      const axis = Array.from({ length: width }, (_, k) =>
        weights.reduce((sum, weight, i) => sum + weight * train[i * width + k], 0),
      );
      const half = axis.reduce((sum, value) => sum + value * value, 0) / 2;
      const errors = signs.map((sign, i) => {
        const decision = axis.reduce((sum, value, k) => sum + value * train[i * width + k], bias);
        return bounds[i] * Math.max(0, 1 - sign * decision);
      });
      // What is minimized is never below what its dual is (Boyd & Vandenberghe 2004, section 5.2): equal, both are optimal. By pairs
      // alone, which stop at a tolerance of 0.001, they are not.
      const least = half + errors.reduce((sum, error) => sum + error, 0);
      const most = weights.reduce((sum, weight, i) => sum + weight * signs[i], 0) - half;
      assert.ok(Math.abs(least - most) < 1e-9 * least, `${least} is not ${most}`);
    }
  });
  it('decides where classes are alike as scikit-learn does when it goes on to single precision', () => {
    const kernel = innerProducts(alikeItems, alikeItems, 4);
    const items = { values: alikeItems, width: 4 };
    const { weights, bias } = solveSvmDual(kernel, alikeSigns, new Float64Array(48).fill(1), items);
    ALIKE.forEach((expected, item) => {
      const decision = weights.reduce((sum, weight, i) => sum + weight * kernel[item * 48 + i], bias);
      assert.ok(Math.abs(decision - expected) < 1e-6, `${decision} is not ${expected}`);
    });
  });
  it('does without classes that have no training item', () => {
    const two = trainLabels.map((label) => (label === 2 ? 1 : label));
    const asTwo = nameBySvm({ ...task, labels: two, classes: 2 });
    const asThree = nameBySvm({ ...task, labels: two, classes: 3 });
    assert.deepEqual(asThree, asTwo);
  });
});

describe('scaling', () => {
  it('fills missing cells with the training median and leaves out features that do not vary', () => {
    const table = (values: number[]): FeatureMatrix => ({
      values: Float64Array.from(values),
      subjects: ['a', 'b', 'c', 'd'],
      features: ['x', 'flat', 'empty'],
    });
    const learned = fitScaling(table([1, 5, NaN, NaN, 5, NaN, 3, NaN, NaN, 2, 5, NaN]));
    assert.deepEqual([0, 1, 2].map(learned.fill), [2, 5, 0]);
    assert.equal(learned.varying, 1);
    const scaled = applyScaling(learned, table([2, 9, 1, NaN, 5, 1, 3, 5, 1, 1, 5, NaN]));
    // mean 2, variance (1 + 0 + 1 + 0) / 4
    const expected = [0, 0, 0, 0, 0, 0, Math.SQRT2, 0, 0, -Math.SQRT2, 0, 0];
    scaled.forEach((value, at) => assert.ok(Math.abs(value - expected[at]) < 1e-15));
  });
});
