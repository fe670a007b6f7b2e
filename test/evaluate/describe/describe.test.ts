import assert from 'node:assert/strict';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { makeFeatureCohort } from '../../../sdk/data/cohort';
import { describeSites } from '../../../sdk/evaluate/describe/describe-sites';
import { groupSummary } from '../../../sdk/evaluate/describe/group-summary';
import { eightPeople } from './eight-people';

const people = eightPeople();
const near = (found: number, expected: number): boolean => Math.abs(found - expected) < 1e-13;

describe('groupSummary', () => {
  it('gives what pandas 3.1.1 gives: groupby(site).agg([count, mean, std, min, median, max])', () => {
    const expected = [
      ['A', 'age', 4, 0, 56.8125, 11.201515894437385, 44, 56.625, 70],
      ['A', 'f', 3, 1, 2.041666666666667, 0.190940653956493, 1.875, 2, 2.25],
      ['B', 'age', 2, 1, 25.75, 8.131727983645296, 20, 25.75, 31.5],
      ['B', 'f', 3, 0, 2.75, 0.25, 2.5, 2.75, 3],
      ['C', 'age', 1, 0, 33, NaN, 33, 33, 33],
      ['C', 'f', 1, 0, 2.6, NaN, 2.6, 2.6, 2.6],
    ] as const;
    const rows = groupSummary(people, ['age', 'f']);
    assert.deepEqual(
      rows.map((row) => [row.site, row.quantity, row.n, row.missing, row.min, row.median, row.max]),
      expected.map(([site, quantity, n, missing, , , ...rest]) => [site, quantity, n, missing, ...rest]),
    );
    rows.forEach((row, at) => {
      assert.ok(near(row.mean, expected[at][4]));
      assert.ok(Number.isNaN(row.sd) ? Number.isNaN(expected[at][5]) : near(row.sd, expected[at][5]));
    });
  });

  it('groups by site and sex; who has no sex is a group of its own, the last of its site', () => {
    const rows = groupSummary(people, ['f'], { by: ['site', 'sex'] });
    assert.deepEqual(
      rows.map(({ site, sex, n, missing, mean }) => [site, sex, n, missing, mean]),
      [
        ['A', 'F', 2, 0, 1.9375],
        ['A', 'M', 0, 1, NaN],
        ['A', null, 1, 0, 2.25],
        ['B', 'F', 2, 0, 2.75],
        ['B', 'M', 1, 0, 2.75],
        ['C', 'M', 1, 0, 2.6],
      ],
    );
  });

  it('takes all rows together where there is no grouping', () => {
    assert.equal(groupSummary(people, ['age'], { by: [] })[0].n, 7);
  });

  it('refuses what is no quantity and what makes no groups, naming it', () => {
    assert.throws(() => groupSummary(people, ['agee']), /unknown feature or covariate: "agee" .*"age"/);
    assert.throws(() => groupSummary(people, ['sex']), /"sex": it has levels, "F", "M"/);
    assert.throws(() => groupSummary(people, [3 as never]), /unknown feature or covariate: "3"/);
    assert.throws(() => groupSummary(people, ['f'], { by: 'age' }), /"age" is on a scale/);
    assert.throws(() => groupSummary(people, ['f'], { by: 'sexx' }), /unknown covariate: "sexx"/);
    const twice = { ...people, features: { ...people.features, features: ['age'] } };
    assert.throws(() => groupSummary(twice, ['age']), /both a feature and a covariate/);
  });
});

describe('describeSites', () => {
  it('is Table 1: numbers, mean ± SD, range, shares of those known, missing values', () => {
    assert.deepEqual(describeSites(people), [
      {
        site: 'A',
        n: 4,
        'age (years), mean ± SD': '56.8 ± 11.2',
        'age (years), range': '44 to 70',
        'age, missing': 0,
        'sex F, n (%)': '2 (66.7 %)',
        'sex M, n (%)': '1 (33.3 %)',
        'sex, missing': 1,
      },
      {
        site: 'B',
        n: 3,
        'age (years), mean ± SD': '25.8 ± 8.1',
        'age (years), range': '20 to 31.5',
        'age, missing': 1,
        'sex F, n (%)': '2 (66.7 %)',
        'sex M, n (%)': '1 (33.3 %)',
        'sex, missing': 0,
      },
      {
        site: 'C',
        n: 1,
        'age (years), mean ± SD': '33.0',
        'age (years), range': '33 to 33',
        'age, missing': 0,
        'sex F, n (%)': '0 (0.0 %)',
        'sex M, n (%)': '1 (100.0 %)',
        'sex, missing': 0,
      },
      {
        site: 'all',
        n: 8,
        'age (years), mean ± SD': '44.5 ± 17.7',
        'age (years), range': '20 to 70',
        'age, missing': 1,
        'sex F, n (%)': '4 (57.1 %)',
        'sex M, n (%)': '3 (42.9 %)',
        'sex, missing': 1,
      },
    ]);
  });

  it('counts persons beside rows where a person was scanned several times', () => {
    const { ids, sites, covariates } = people.participants;
    const persons = ids.map((id, row) => (row === 1 ? ids[0] : id));
    const twice = makeFeatureCohort(makeParticipants(ids, sites, covariates, { persons }), people.features);
    assert.deepEqual(
      describeSites(twice).map(({ site, n, persons: own }) => [site, n, own]),
      [
        ['A', 4, 4],
        ['B', 3, 2],
        ['C', 1, 1],
        ['all', 8, 7],
      ],
    );
  });
});
