import assert from 'node:assert/strict';
import { takeRows } from '../../../sdk/data/feature-matrix';
import type { FeatureMatrix } from '../../../sdk/data/feature-matrix';
import { predictByRidge, predictPrepared } from '../../../sdk/evaluate/predictors/ridge-prediction';
import { ridgeWithoutRows } from '../../../sdk/evaluate/predictors/ridge-without-rows';
import { makeRandom } from '../../../sdk/math/random';

/** Features far from zero, on different scales, one of them constant. */
function example(
  rows: number,
  width: number,
): { readonly matrix: FeatureMatrix; readonly outcome: Float64Array } {
  const random = makeRandom(11);
  const values = Float64Array.from({ length: rows * width }, (_, at) =>
    at % width === 3 ? 7 : 2000 + 10 ** ((at % width) % 4) * random.normal(),
  );
  const matrix = {
    values,
    subjects: Array.from({ length: rows }, (_, row) => `s${row}`),
    features: Array.from({ length: width }, (_, k) => `f${k}`),
  };
  const outcome = Float64Array.from({ length: rows }, (_, row) => values[row * width] + 3 * random.normal());
  return { matrix, outcome };
}

describe('ridgeWithoutRows', () => {
  const { matrix, outcome } = example(90, 12);
  const test = Int32Array.from({ length: 20 }, (_, i) => 3 * i);
  const train = Int32Array.from(matrix.subjects.keys()).filter((row) => !test.includes(row));
  const outcomes = [outcome, outcome.map((value, row) => (row % 2 === 0 ? value : -value))];
  const ofTrain = (own: Float64Array): Float64Array => Float64Array.from(train, (row) => own[row]);

  it('predicts what the training rows alone predict', () => {
    // What is not known of rows left out is no trouble.
    const given = [outcomes[0], outcomes[1].map((value, row) => (row === test[3] ? NaN : value))];
    const prepared = ridgeWithoutRows(matrix)?.prepare(train, test, given);
    assert.ok(prepared !== undefined);
    const [made] = predictPrepared([prepared]);
    const tasks = outcomes.map((own) => ({ outcome: ofTrain(own), test: takeRows(matrix, test) }));
    predictByRidge(takeRows(matrix, train), tasks).forEach(({ predicted, baseline }, at) => {
      assert.equal(made[at].baseline, baseline);
      predicted.forEach((value, i) => {
        assert.ok(Math.abs(made[at].predicted[i] - value) < 1e-9, `${made[at].predicted[i]} for ${value}`);
      });
    });
  });

  it('is no way where cells or outcomes are missing, rows are few, or a feature varies only among those left out', () => {
    const holed = { ...matrix, values: matrix.values.map((value, at) => (at === 5 ? NaN : value)) };
    assert.equal(ridgeWithoutRows(holed), undefined);
    assert.equal(ridgeWithoutRows(takeRows(matrix, test)), undefined);
    const unknown = outcomes.map((own) => own.map((value, row) => (row === train[0] ? NaN : value)));
    assert.equal(ridgeWithoutRows(matrix)?.prepare(train, test, unknown), undefined);
    const rare = matrix.values.map((value, at) => (at % 12 === 5 && Math.floor(at / 12) !== 0 ? 1 : value));
    assert.equal(ridgeWithoutRows({ ...matrix, values: rare })?.prepare(train, test, outcomes), undefined);
  });
});
