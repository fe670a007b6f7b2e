import assert from 'node:assert/strict';
import { predictWithSvm, prepareSvm } from '../../../sdk/evaluate/predictors/svm';
import { applyScaling, fitScaling } from '../../../sdk/evaluate/splits/scaling';
import { solveSvmDual } from '../../../sdk/math/linear/svm-dual';
import type { FeatureMatrix } from '../../../sdk/data/feature-matrix';
import { takeRows } from '../../../sdk/data/feature-matrix';

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
const data = prepareSvm(train, test, WIDTH);
const trainLabels = Int32Array.from(trainRows, (i) => labels[i]);

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

describe('support vector machine', () => {
  for (const kernel of ['linear', 'rbf'] as const) {
    it(`names the same classes as scikit-learn (${kernel})`, () => {
      const named = predictWithSvm(data, trainLabels, { kernel, classes: 3, gamma: 1 / WIDTH });
      assert.deepEqual([...named], PREDICTED[kernel]);
    });
    it(`has the same decision values as scikit-learn (${kernel}), to the solvers’ tolerance`, () => {
      const n = trainRows.length;
      const norms = Float64Array.from({ length: n }, (_, i) => data.within[i * n + i]);
      const gaussian = (product: number, a: number, b: number): number =>
        Math.exp(-(a + b - 2 * product) / WIDTH);
      const within =
        kernel === 'linear'
          ? data.within
          : data.within.map((product, at) => gaussian(product, norms[Math.floor(at / n)], norms[at % n]));
      const signs = Float64Array.from(trainLabels, (label) => (label === 0 ? 1 : -1));
      const machine = solveSvmDual(within, signs, new Float64Array(n).fill(1));
      DECISIONS[kernel].forEach((expected, item) => {
        let decision = machine.bias;
        for (let i = 0; i < n; i++) {
          const product = data.across[item * n + i];
          const value = kernel === 'linear' ? product : gaussian(product, data.testNorms[item], norms[i]);
          decision += machine.weights[i] * value;
        }
        assert.ok(Math.abs(decision - expected) < 2e-3, `${decision} is not ${expected}`);
      });
    });
  }
  it('satisfies the constraints of the dual: Σ yα = 0, 0 ≤ α ≤ C', () => {
    const n = trainRows.length;
    const signs = Float64Array.from(trainLabels, (label) => (label === 1 ? 1 : -1));
    const bounds = signs.map((sign) => (sign > 0 ? 2 : 0.5));
    const { weights } = solveSvmDual(data.within, signs, bounds);
    assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0)) < 1e-12);
    weights.forEach((weight, i) => assert.ok(weight * signs[i] >= 0 && weight * signs[i] <= bounds[i]));
    assert.ok(n > 0 && weights.some((weight, i) => Math.abs(weight) === bounds[i]));
  });
  it('does without classes that have no training item', () => {
    const two = trainLabels.map((label) => (label === 2 ? 1 : label));
    const asTwo = predictWithSvm(data, two, { kernel: 'linear', classes: 2 });
    const asThree = predictWithSvm(data, two, { kernel: 'linear', classes: 3 });
    assert.deepEqual([...asThree], [...asTwo]);
  });
  it('requires gamma for the rbf kernel', () => {
    assert.throws(() => predictWithSvm(data, trainLabels, { kernel: 'rbf', classes: 3 }), {
      code: 'invalid-option',
    });
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
