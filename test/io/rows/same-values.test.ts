import assert from 'node:assert/strict';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import type { FeatureMatrix } from '../../../sdk/data/feature-matrix';
import { sameValuesIssues } from '../../../sdk/io/rows/same-values';
import { makeRandom } from '../../../sdk/math/random';

const ids = Array.from({ length: 12 }, (_, row) => `s${row}`);

function table(change: (rows: Float64Array[]) => void): FeatureMatrix {
  const random = makeRandom(1);
  const rows = ids.map(() => Float64Array.from({ length: 10 }, () => random.normal()));
  change(rows);
  return makeFeatureMatrix(Float64Array.from(rows.flatMap((row) => [...row])), ids, [...'abcdefghij']);
}

describe('rows with the values of others', () => {
  it('are named where all features are the same, missing ones too', () => {
    const copied = table((rows) => {
      rows[3][2] = NaN;
      rows[7] = rows[3];
      rows[9] = rows[4];
    });
    const [{ message }] = sameValuesIssues(copied, ids, 't.csv');
    assert.equal(
      message,
      '4 rows of t.csv have the values of another in every feature: "s3" = "s7"; "s4" = "s9"; each counts as a person of its own',
    );
  });

  it('are none where one feature differs, or the values are those that many have', () => {
    const others = table((rows) => {
      rows[7] = rows[3].slice();
      rows[7][9] += 1e-9;
      for (const row of [1, 2, 5, 6]) rows[row].fill(0);
      rows[10].fill(NaN);
      rows[11].fill(NaN);
    });
    assert.deepEqual(
      sameValuesIssues(others, ids, 't.csv').map(({ message }) => message),
      [],
    );
  });
});
