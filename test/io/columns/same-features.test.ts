import assert from 'node:assert/strict';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { sameFeaturesIssues } from '../../../sdk/io/columns/features/same-features';
import { makeRandom } from '../../../sdk/math/random';

const ids = Array.from({ length: 14 }, (_, row) => `s${row}`);

/** What is said of columns of 14 numbers. */
function said(columns: Readonly<Record<string, readonly number[]>>): readonly string[] {
  const rows = ids.flatMap((_, row) => Object.values(columns).map((own) => own[row]));
  const matrix = makeFeatureMatrix(Float64Array.from(rows), ids, Object.keys(columns));
  return sameFeaturesIssues(matrix, 't.csv').map(({ message }) => message);
}

describe('features with the values of others', () => {
  const random = makeRandom(4);
  const drawn = (): number[] => ids.map(() => random.normal());
  const holes = drawn().map((value, row) => (row === 0 || row === 5 ? NaN : value));
  const one = drawn();

  it('are named where all rows are the same, missing ones too', () => {
    assert.deepEqual(said({ 'a-b': one, c: drawn(), 'b-a': [...one], d: holes, e: [...holes] }), [
      '2 features of t.csv have the values of another in every row: "a-b" = "b-a"; "d" = "e"; ' +
        'priors of sites and figures count each of them',
    ]);
    assert.deepEqual(said({ a: one, b: one, c: one }), [
      '2 features of t.csv have the values of another in every row: "a" = "b" = "c"; ' +
        'priors of sites and figures count each of them',
    ]);
  });

  it('are none where one row differs, or values are few', () => {
    const near = one.map((value, row) => (row === 4 ? value + 1e-12 : value));
    const counts = ids.map((_, row) => row % 5);
    assert.deepEqual(said({ one, near, counts, others: counts, zero: counts.map(() => 0) }), []);
  });
});
