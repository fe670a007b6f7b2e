import assert from 'node:assert/strict';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { combatHarmonizer } from '../../../sdk/combat/combat-harmonizer';
import { auditTable } from '../../../sdk/evaluate/audit-table';
import { findingLines } from '../../../sdk/evaluate/findings/audit-finding';
import { auditFindings } from '../../../sdk/evaluate/findings/audit-findings';
import { fitFeatureModels } from '../../../sdk/evaluate/models/feature-models';
import { makeSiteDesign } from '../../../sdk/evaluate/models/site-design';
import { leastSquaresOperator, pivotedQr } from '../../../sdk/math/linear/qr';
import { arithmeticCohort, randomCohort } from '../audit-cohorts';

const covariates = ['age', 'sex'];

/** The cohort with an effect of age of its own at every site, in deviations per decade. */
function withOwnSlopes(cohort: FeatureCohort, slopes: Readonly<Record<string, number>>): FeatureCohort {
  const { participants, features } = cohort;
  const [age] = participants.covariates;
  const width = features.features.length;
  const values = features.values.map((value, at) => {
    const row = Math.floor(at / width);
    const years = age.kind === 'continuous' ? age.values[row] - 50 : NaN;
    return value + (slopes[participants.sites[row]] * years) / 10;
  });
  return { ...cohort, features: makeFeatureMatrix(values, features.subjects, features.features) };
}

/** The residual sum of squares of least squares with all the columns in one table. */
function leftBeside(columns: readonly (readonly number[])[], outcome: readonly number[]): number {
  const rows = outcome.length;
  const values = Float64Array.from(
    { length: rows * columns.length },
    (_, at) => columns[at % columns.length][Math.floor(at / columns.length)],
  );
  const qr = pivotedQr({ values, rows, columns: columns.length }, 1e-9);
  assert.equal(qr.rank, columns.length);
  const operator = leastSquaresOperator(qr);
  const weights = columns.map((_, k) =>
    outcome.reduce((sum, value, i) => sum + operator[k * rows + i] * value, 0),
  );
  return outcome.reduce((sum, value, i) => {
    const fitted = weights.reduce((all, weight, k) => all + weight * columns[k][i], 0);
    return sum + (value - fitted) ** 2;
  }, 0);
}

describe('effects of covariates at each site', () => {
  it('have the F of two nested models with all columns in one table', async () => {
    const cohort = arithmeticCohort();
    const { sites, covariates: own } = cohort.participants;
    const [age, sex] = own;
    assert.ok(age.kind === 'continuous' && sex.kind === 'categorical');
    const { slopesBySite } = await fitFeatureModels(cohort.features, makeSiteDesign(cohort, covariates));
    // The third feature lacks three cells.
    for (const feature of [0, 1, 2]) {
      const all = [...sites.keys()];
      const rows = all.filter((row) => !Number.isNaN(cohort.features.values[row * 4 + feature]));
      const names = ['site0', 'site1', 'site2'];
      const at = (site: string, value: (row: number) => number): number[] =>
        rows.map((row) => (sites[row] === site ? value(row) : 0));
      const years = (row: number): number => age.values[row] - 40;
      const male = (row: number): number => sex.codes[row];
      const outcome = rows.map((row) => cohort.features.values[row * 4 + feature]);
      const indicators = names.map((site) => at(site, () => 1));
      const shared = leftBeside([...indicators, rows.map(years), rows.map(male)], outcome);
      const each = names.flatMap((site) => [at(site, years), at(site, male)]);
      const parted = leftBeside([...indicators, ...each], outcome);
      const expected = (shared - parted) / 4 / (parted / (rows.length - 9));
      assert.ok(Math.abs(slopesBySite[feature].statistic - expected) < 1e-9 * expected, `${expected}`);
    }
  });

  it('are called different by chance as often as the level says', async () => {
    let below = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const cohort = randomCohort({
        seed,
        subjects: 90,
        features: 20,
        sites: 3,
        siteEffect: 1,
        ageEffect: 0.5,
      });
      const { slopesBySite } = await fitFeatureModels(cohort.features, makeSiteDesign(cohort, covariates));
      below += slopesBySite.filter(({ p }) => p < 0.05).length;
    }
    // Of 500 independent features 25 are expected; four standard deviations are 4 √(500 · 0.05 · 0.95) = 19.
    assert.ok(Math.abs(below - 25) < 19, `${below} of 500`);
  });

  it('are said beside the answer on sites, since shifts and factors do not change them', async () => {
    const plain = randomCohort({
      seed: 4,
      subjects: 150,
      features: 6,
      sites: 3,
      siteEffect: 0.8,
      ageEffect: -0.3,
    });
    const lines = async (cohort: FeatureCohort): Promise<string> => {
      const audit = await auditTable(cohort, combatHarmonizer({ preserve: covariates }), { seeds: 1 });
      return findingLines(auditFindings(audit))[0];
    };
    assert.doesNotMatch(await lines(plain), /Beside the answer/);
    const bent = await lines(withOwnSlopes(plain, { site0: 0.3, site1: 0, site2: -0.3 }));
    assert.match(
      bent,
      /Beside the answer: features in which effects of age, sex differ between sites: [3-6] of 6/,
    );
  });

  it('have no test without covariates, or where sites are too small for effects of their own', async () => {
    const cohort = arithmeticCohort();
    const without = await fitFeatureModels(cohort.features, makeSiteDesign(cohort, []));
    assert.ok(without.slopesBySite.every(({ p }) => Number.isNaN(p)));
    const many = randomCohort({ seed: 1, subjects: 30, features: 2, sites: 15, siteEffect: 1 });
    const small = await fitFeatureModels(many.features, makeSiteDesign(many, covariates));
    assert.ok(small.slopesBySite.every(({ p }) => Number.isNaN(p)));
  });
});
