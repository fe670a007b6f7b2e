import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { makeFeatureCohort } from '../../../sdk/data/cohort';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { mahalanobisBetweenSites } from '../../../sdk/evaluate/site-figures/mahalanobis-between-sites';
import { oneWayReliability } from '../../../sdk/evaluate/site-figures/one-way-reliability';
import { personAgreement } from '../../../sdk/evaluate/site-figures/person-agreement';
import { siteEffectSizes } from '../../../sdk/evaluate/site-figures/site-effect-sizes';
import { siteShareOfComponents } from '../../../sdk/evaluate/site-figures/site-share-of-components';
import { makeRandom } from '../../../sdk/math/random';
import { medianPresent } from '../../../sdk/math/statistics/median';

// fixtures/site-figures/figures.json is made by reference.py with NumPy, SciPy, scikit-learn, statsmodels and pingouin.

interface Figures {
  readonly rows: number;
  readonly d: readonly (readonly number[])[];
  readonly mahalanobis: { readonly distances: readonly number[]; readonly shrinkage: number };
  readonly components: {
    readonly explained: readonly number[];
    readonly siteShare: readonly number[];
    readonly weighted: number;
  };
}

interface Case {
  readonly sites: readonly string[];
  readonly persons: readonly string[];
  readonly age: readonly number[];
  readonly sex: readonly string[];
  readonly values: readonly (readonly (number | null)[])[];
  readonly raw: Figures;
  readonly adjusted: Figures;
  readonly agreement: readonly {
    readonly icc: number;
    readonly withinSd: number;
    readonly withinCv: number;
    readonly orderConsistency: number;
  }[];
}

interface Reference {
  readonly narrow: Case;
  readonly wide: Case;
  readonly between: Case;
  readonly balanced: { readonly values: readonly (readonly number[])[]; readonly icc1: number };
}

const reference = JSON.parse(
  readFileSync(resolve(__dirname, '../../../fixtures/site-figures/figures.json'), 'utf8'),
) as Reference;

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

function cohortOf({ sites, age, sex, values }: Case): FeatureCohort {
  const ids = sites.map((_, row) => `scan${row}`);
  const names = values[0].map((_, k) => `f${k}`);
  const cells = Float64Array.from(values.flat(), (value) => value ?? NaN);
  return makeFeatureCohort(
    makeParticipants(ids, sites, [continuous('age', age, 'years'), categorical('sex', sex)]),
    makeFeatureMatrix(cells, ids, names),
  );
}

/** A small table: one row per scan. */
function tableOf(sites: readonly string[], rows: readonly (readonly number[])[]): FeatureCohort {
  const ids = sites.map((_, row) => `scan${row}`);
  const names = rows[0].map((_, k) => `f${k}`);
  return makeFeatureCohort(
    makeParticipants(ids, sites),
    makeFeatureMatrix(Float64Array.from(rows.flat()), ids, names),
  );
}

for (const name of ['narrow', 'wide', 'between'] as const) {
  const one = reference[name];
  const cohort = cohortOf(one);
  for (const [state, covariates] of [
    ['raw', []],
    ['adjusted', ['age', 'sex']],
  ] as const) {
    const expected = one[state];
    const options = { covariates, persons: one.persons };
    describe(`figures of site effects, ${name} table, ${state}`, () => {
      it('has the d of pingouin for every pair of sites and feature', () => {
        const sizes = siteEffectSizes(cohort, options);
        const flat = Float64Array.from(expected.d.flat());
        near(sizes.median, medianPresent(flat), 1e-10);
        near(sizes.largest, Math.max(...flat), 1e-10);
        sizes.perFeature.forEach((d, k) => near(d, Math.max(...expected.d.map((pair) => pair[k])), 1e-10));
        sizes.pairs.forEach((pair, at) => {
          near(pair.largest, Math.max(...expected.d[at]), 1e-10);
          near(pair.median, medianPresent(Float64Array.from(expected.d[at])), 1e-10);
          assert.equal(pair.feature, `f${expected.d[at].indexOf(Math.max(...expected.d[at]))}`);
        });
        assert.deepEqual(
          sizes.pairs.map(({ sites }) => sites.join('')),
          ['AB', 'AC', 'BC'],
        );
        assert.deepEqual(sizes.adjustedFor, covariates);
      });

      it('has the Mahalanobis distances of NumPy, and the shrinkage of scikit-learn where there is one', () => {
        const { pairs, covariance, shrinkage, features, median, largest } = mahalanobisBetweenSites(
          cohort,
          options,
        );
        const { distances } = expected.mahalanobis;
        pairs.forEach(({ distance }, at) => near(distance, distances[at], 1e-9 * distances[at]));
        near(shrinkage, expected.mahalanobis.shrinkage, 1e-12);
        assert.equal(covariance, name === 'narrow' ? 'pooled' : 'ledoit-wolf');
        assert.equal(features, one.values[0].length);
        near(largest, Math.max(...distances), 1e-8);
        near(median, [...distances].sort((a, b) => a - b)[1], 1e-8);
      });

      it('has the components of scikit-learn, and the R² by site of statsmodels in them', () => {
        const count = expected.components.explained.length;
        const { components, weighted } = siteShareOfComponents(cohort, { ...options, components: count });
        assert.equal(components.length, count);
        components.forEach(({ explained, siteShare }, k) => {
          near(explained, expected.components.explained[k], 1e-10);
          near(siteShare, expected.components.siteShare[k], 1e-8);
        });
        near(weighted, expected.components.weighted, 1e-9);
      });
    });
  }

  it(`agrees with statsmodels and SciPy on how the scans of a person agree, ${name} table`, () => {
    const { features, medians, between, repeated } = personAgreement(cohort, { persons: one.persons });
    features.forEach((own, k) => {
      const expected = one.agreement[k];
      near(own.icc, expected.icc, 1e-9);
      near(own.withinSd, expected.withinSd, 1e-9);
      near(own.withinCv, expected.withinCv, 1e-9);
      near(own.orderConsistency, expected.orderConsistency, 1e-9);
    });
    near(medians.icc, medianPresent(Float64Array.from(one.agreement, ({ icc }) => icc)), 1e-9);
    assert.equal(between, 'sites');
    assert.equal(repeated, new Set(one.persons.filter((p, at) => one.persons.indexOf(p) !== at)).size);
  });
}

describe('siteEffectSizes', () => {
  it('computes the definition by hand, and nothing where there is no spread or no value', () => {
    // Means 2 and 5, sums of squares 2 and 8, pooled (2 + 8) / 5 = 2: d = 3 / √2.
    const cohort = tableOf(
      ['A', 'A', 'A', 'A', 'B', 'B', 'B', 'C'],
      [
        [1, 7, 4],
        [2, 7, NaN],
        [3, 7, 4],
        [2, 7, NaN],
        [3, 7, NaN],
        [5, 7, NaN],
        [7, 7, NaN],
        [2, 7, 4],
      ],
    );
    const { pairs, perFeature, median } = siteEffectSizes(cohort);
    near(pairs[0].largest, 3 / Math.sqrt(2), 1e-14);
    // One scan at C has no spread of its own: that of the other site stands for both.
    near(pairs[1].largest, 0, 1e-14);
    // Four scans at both together leave two degrees of freedom, of which t has no variance.
    assert.ok(Number.isNaN(pairs[2].largest));
    near(median, 1.5 / Math.sqrt(2), 1e-14);
    assert.deepEqual([...perFeature].map(Number.isNaN), [false, true, true]);
  });

  it('counts several scans of a person at a site as one', () => {
    const once = tableOf(['A', 'A', 'B', 'B', 'B'], [[1], [3], [4], [8], [6]]);
    const twice = tableOf(['A', 'A', 'A', 'B', 'B', 'B'], [[0.5], [1.5], [3], [4], [8], [6]]);
    const persons = ['p', 'p', 'q', 'r', 's', 't'];
    assert.equal(siteEffectSizes(twice, { persons }).median, siteEffectSizes(once).median);
    assert.throws(() => siteEffectSizes(once, { persons }), { code: 'invalid-option' });
    // A cohort that knows its persons need not be told.
    const known = { ...twice, participants: { ...twice.participants, persons } };
    assert.equal(siteEffectSizes(known).median, siteEffectSizes(once).median);
    assert.notEqual(siteEffectSizes(twice).median, siteEffectSizes(once).median);
  });

  it('says which covariate cannot be separated from the sites, and who lacks one', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const people = makeParticipants(
      ids,
      ['A', 'A', 'A', 'B', 'B', 'B', 'B'],
      [continuous('field', [1.5, 1.5, 1.5, 3, 3, 3, 3]), continuous('age', [20, 30, 40, 25, 35, 45, NaN])],
    );
    const cohort = makeFeatureCohort(
      people,
      makeFeatureMatrix(Float64Array.of(1, 2, 4, 3, 5, 5, 9), ids, ['x']),
    );
    const { issues } = siteEffectSizes(cohort, { covariates: ['field', 'age'] });
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['dropped-subject', 'nearly-confounded'],
    );
    assert.match(issues[1].message, /^the effect of field cannot be separated from the sites/);
    assert.throws(() => siteEffectSizes(cohort, { covariates: ['iq'] }), { code: 'unknown-column' });
  });
});

describe('mahalanobisBetweenSites', () => {
  it('is a difference of means over the spread within sites with one feature, and names what it leaves out', () => {
    const rows = [
      [0, 1, 2],
      [2, 1, NaN],
      [1, 1, 3],
      [4, 2, NaN],
      [6, 2, NaN],
      [5, 2, NaN],
    ];
    const own = mahalanobisBetweenSites(tableOf(['A', 'A', 'A', 'B', 'B', 'B'], rows));
    near(own.pairs[0].distance, 4, 1e-12);
    // Two sites of three: E[D²] = (1/3 + 1/3) · 1 · 4 / (4 − 1 − 1).
    near(own.pairs[0].expected, Math.sqrt(4 / 3), 1e-12);
    assert.deepEqual(own.leftOut, ['f1', 'f2']);
  });

  for (const [features, covariance] of [
    [8, 'pooled'],
    [120, 'ledoit-wolf'],
  ] as const) {
    it(`expects of sites that do not differ what they have, ${features} features`, () => {
      // Simulated sites without effects: over many of them the mean of D² / expected² is 1.
      const random = makeRandom(11);
      const sites = Array.from({ length: 60 }, (_, row) => 'ABC'[row % 3]);
      let sum = 0;
      const trials = 40;
      for (let trial = 0; trial < trials; trial++) {
        const rows = sites.map(() => {
          const shared = random.normal();
          return Array.from({ length: features }, (_, k) => (1 + k) * (random.normal() + 0.7 * shared));
        });
        const own = mahalanobisBetweenSites(tableOf(sites, rows));
        assert.equal(own.covariance, covariance);
        for (const { distance, expected } of own.pairs) sum += (distance / expected) ** 2 / (3 * trials);
      }
      near(sum, 1, 0.08);
    });
  }

  it('does without an inverse where features depend on each other', () => {
    const one = reference.narrow;
    const doubled = { ...one, values: one.values.map(([a, b]) => [a, b, (a ?? 0) + (b ?? 0)]) };
    const complete = { ...doubled, values: doubled.values.map((row) => row.map((value) => value ?? 1)) };
    complete.values.forEach((row) => (row[2] = row[0] + row[1]));
    const { covariance, median } = mahalanobisBetweenSites(cohortOf(complete));
    assert.equal(covariance, 'ledoit-wolf');
    assert.ok(median > 0 && median < 10);
  });

  it('has no distance where nothing can be computed', () => {
    const flat = mahalanobisBetweenSites(tableOf(['A', 'A', 'B', 'B'], [[1], [1], [2], [2]]));
    assert.ok(Number.isNaN(flat.median) && Number.isNaN(flat.largest) && Number.isNaN(flat.shrinkage));
    const alone = mahalanobisBetweenSites(tableOf(['A', 'A'], [[1], [2]]));
    assert.deepEqual([alone.pairs.length, alone.median], [0, NaN]);
  });
});

describe('siteShareOfComponents', () => {
  it('is 1 where sites alone differ, and nothing where nothing varies', () => {
    const sites = siteShareOfComponents(tableOf(['A', 'A', 'B', 'B'], [[1], [1], [2], [2]]));
    near(sites.weighted, 1, 1e-12);
    near(sites.expected, 1 / 3, 1e-12);
    const flat = siteShareOfComponents(tableOf(['A', 'A', 'B'], [[1], [1], [1]]));
    assert.deepEqual([flat.components.length, flat.weighted], [0, NaN]);
  });
});

describe('how the scans of a person agree', () => {
  it('has the ICC1 of pingouin where everyone has as many scans', () => {
    const { values, icc1 } = reference.balanced;
    const persons = Int32Array.from(values.flat(), (_, at) => Math.floor(at / values[0].length));
    near(oneWayReliability(values.flat(), persons).icc, icc1, 1e-9);
  });

  it('has the ICC(1,1) that Shrout & Fleiss (1979, table 4) print for their example', () => {
    const ratings = [
      [9, 2, 5, 8],
      [6, 1, 3, 2],
      [8, 4, 6, 8],
      [7, 1, 2, 6],
      [10, 5, 6, 9],
      [6, 2, 4, 7],
    ];
    const targets = Int32Array.from(ratings.flat(), (_, at) => Math.floor(at / 4));
    assert.equal(oneWayReliability(ratings.flat(), targets).icc.toFixed(2), '0.17');
  });

  it('compares the order between visits as given, or the first and second scans', () => {
    const persons = ['p', 'q', 'r', 's', 'p', 'q', 'r', 's'];
    const cohort = tableOf(
      persons.map(() => 'A'),
      [[1], [2], [3], [4], [1.5], [2.5], [4.5], [3.5]],
    );
    const byScan = personAgreement(cohort, { persons });
    const known = { ...cohort, participants: { ...cohort.participants, persons } };
    assert.deepEqual(personAgreement(known), byScan);
    // Ranks 1 2 3 4 against 1 2 4 3: 1 − 6 · 2 / (4 · 15).
    near(byScan.features[0].orderConsistency, 0.8, 1e-12);
    assert.equal(byScan.between, 'scans');
    const visits = personAgreement(cohort, { persons, occasions: [...'xxyyyyxx'].map((v) => `visit ${v}`) });
    assert.equal(visits.between, 'visits');
    // At x: 1, 2, 4.5, 3.5; at y: 1.5, 2.5, 3, 4 for p, q, r, s.
    near(visits.features[0].orderConsistency, 0.8, 1e-12);
  });

  it('leaves missing cells out, has no figure for a feature nobody has twice, and refuses a table without repeats', () => {
    const persons = ['p', 'p', 'q', 'q', 'r'];
    const cohort = tableOf(
      ['A', 'A', 'A', 'A', 'A'],
      [
        [1, 1],
        [NaN, 1.2],
        [2, 3],
        [NaN, NaN],
        [3, 5],
      ],
    );
    const { features, repeated, medians } = personAgreement(cohort, { persons });
    assert.equal(repeated, 2);
    assert.deepEqual([features[0].icc, features[0].repeated, features[1].repeated], [NaN, 0, 1]);
    assert.equal(medians.icc, features[1].icc);
    assert.ok(features[1].icc > 0.9);
    assert.throws(() => personAgreement(cohort), { code: 'too-little-data', message: /option persons/ });
    assert.throws(() => personAgreement(cohort, { persons, occasions: ['x'] }), { code: 'invalid-option' });
  });
});
