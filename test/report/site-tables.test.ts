import assert from 'node:assert/strict';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeParticipants } from '../../sdk/data/people/participants';
import { featureUnit } from '../../sdk/report/feature-unit';
import { siteTables } from '../../sdk/report/site-tables';

describe('siteTables', () => {
  // Of A's first feature the median is 3 and the median deviation 1: 100 is 65 robust deviations away, 5 only 1.3.
  const values = [1, 2, 3, 4, 100, 1, 2, NaN, 4, 5];
  const ids = values.map((_, row) => `p${row}`);
  const people = makeParticipants(
    ids,
    values.map((_, row) => (row < 5 ? 'A' : 'B')),
  );
  const matrix = makeFeatureMatrix(Float64Array.from(values.flatMap((value) => [value, 7])), ids, [
    'lh_x_thickness',
    'rh_x_thickness',
  ]);

  it('count what is missing and what stands out at each site, and name who has most', () => {
    const [first, gaps] = siteTables(makeFeatureCohort(people, matrix));
    assert.deepEqual(
      first.rows.map(([site, n]) => [site, n]),
      [
        ['A', 5],
        ['B', 5],
        ['all', 10],
      ],
    );
    assert.deepEqual(gaps.rows, [
      ['A', 5, 0, 0, 1, 10, 'p4', 1],
      ['B', 5, 1, 10, 0, 0, '–', 0],
    ]);
  });

  it('know a unit where FreeSurfer’s names say one for all features', () => {
    assert.equal(featureUnit(makeFeatureCohort(people, matrix)), 'mm');
    const mixed = makeFeatureMatrix(matrix.values, ids, ['lh_x_thickness', 'lh_x_area']);
    assert.equal(featureUnit(makeFeatureCohort(people, mixed)), undefined);
  });
});
