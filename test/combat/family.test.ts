import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import { applyCovbat } from '../../sdk/combat/covbat/apply-covbat';
import type { CovbatOptions } from '../../sdk/combat/covbat/covbat-options';
import { fitCovbat } from '../../sdk/combat/covbat/fit-covbat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, takeSubjects } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';
import type { FixtureRows } from '../support/combat-fixture';
import { assertCloseToRows, readCombatFixture } from '../support/combat-fixture';

// fixtures/combat/family.json is made by family.py, dense matrices in NumPy and SciPy that share nothing with sdk/combat; this test
// runs where the results of the real programs (family-oracles.test.ts) are absent. One standard deviation is about 0.3.

interface FamilyCase {
  readonly penalties: number[][];
  readonly components: number;
  readonly harmonized: FixtureRows;
}

interface FamilyFile {
  readonly features: string[];
  readonly subjects: string[];
  readonly sites: string[];
  readonly age: number[];
  readonly size: number[];
  readonly sex: string[];
  readonly values: FixtureRows;
  readonly valuesWithMissing: FixtureRows;
  readonly cases: Readonly<Record<string, FamilyCase>>;
}

const file = readCombatFixture<FamilyFile>('family.json');

/** The cohort of the fixture. */
function family(rows: FixtureRows = file.values): FeatureCohort {
  const people = makeParticipants(file.subjects, file.sites, [
    continuous('age', file.age, 'years'),
    continuous('size', file.size, 'cm3'),
    categorical('sex', file.sex),
  ]);
  const values = Float64Array.from(rows.flat(), (value) => value ?? NaN);
  return makeFeatureCohort(people, makeFeatureMatrix(values, file.subjects, file.features));
}

const young = file.sites.flatMap((site, row) => (site !== 'west' && file.age[row] < 60 ? [row] : []));

describe('ComBat-GAM and robust ComBat against an independent implementation', () => {
  const curve: CombatOptions = { preserve: ['sex'], smooth: ['age'] };
  const lines: CombatOptions = { preserve: ['age', 'sex'] };
  const cases: Readonly<Record<string, CombatOptions>> = {
    reml: curve,
    gcv: { ...curve, smoothing: 'gcv' },
    given: { ...curve, smoothing: 3 },
    reference: { ...curve, reference: 'north' },
    missing: curve,
    bySex: { smooth: [{ name: 'age', by: 'sex' }] },
    twoSmooths: { ...curve, smooth: ['age', 'size'] },
    neuroharmonize: { ...curve, basis: 'neuroharmonize', smoothing: 20 },
    robust: { ...lines, robust: true },
    robustMissing: { ...lines, robust: true, reference: 'north' },
    robustCurve: { ...curve, robust: true, smoothing: 3 },
  };
  for (const [name, options] of Object.entries(cases)) {
    it(name, async () => {
      const { harmonized, penalties } = file.cases[name];
      const cohort = family(name.toLowerCase().endsWith('missing') ? file.valuesWithMissing : file.values);
      const model = await fitCombat(cohort, options);
      const searched = model.smooths.length > 0 && model.settings.smoothing !== 'given';
      // Both searches end where the score is flat in double precision.
      const tolerance = searched ? 1e-6 : 1e-11;
      assertCloseToRows((await applyCombat(model, cohort)).features.values, harmonized, tolerance);
      if (!searched) return;
      const given = Object.fromEntries(model.features.map((feature, w) => [feature, penalties[w]]));
      const same = await fitCombat(cohort, { ...options, smoothing: given });
      assertCloseToRows((await applyCombat(same, cohort)).features.values, harmonized, 1e-9);
    });
  }

  it('with a penalty for each curve, which is that for each feature', async () => {
    const cohort = family();
    const each: CombatOptions = {
      smooth: [
        { name: 'age', by: 'sex', penalty: 0.3 },
        { name: 'size', penalty: 5 },
      ],
    };
    const model = await fitCombat(cohort, each);
    assert.equal(model.settings.smoothing, 'given');
    const given = Object.fromEntries(model.features.map((feature) => [feature, [0.3, 0.3, 5]]));
    const bare: CombatOptions = { smooth: [{ name: 'age', by: 'sex' }, 'size'], smoothing: given };
    const same = await fitCombat(cohort, bare);
    assert.deepEqual(model.coefficients, same.coefficients);
    assert.deepEqual(model.penalties, same.penalties);
    const one = await fitCombat(cohort, { ...curve, smooth: [{ name: 'age', penalty: 3 }] });
    const harmonized = (await applyCombat(one, cohort)).features.values;
    assertCloseToRows(harmonized, file.cases['given'].harmonized, 1e-11);
  });

  it('applied beyond the range fitted on, and to a new site by priors of its own, with Issues', async () => {
    const cohort = family();
    const model = await fitCombat(takeSubjects(cohort, young), { ...curve, smoothing: 3 });
    const all = await applyCombat(model, cohort, { unseen: 'own-priors' });
    assertCloseToRows(all.features.values, file.cases['applied'].harmonized, 1e-11);
    const outside = all.issues.find(({ code }) => code === 'outside-training-range');
    assert.match(outside?.message ?? '', /beyond it the curve continues as a straight line/);
    assert.ok(all.issues.some(({ code }) => code === 'unseen-site'));
  });
});

describe('CovBat against an independent implementation', () => {
  const cases: Readonly<Record<string, CovbatOptions>> = {
    covbat: { preserve: ['age', 'sex'] },
    covbatShare: { preserve: ['age', 'sex'], variance: 0.7, standardize: false },
    covbatReference: { preserve: ['age', 'sex'], variance: 0.8, reference: 'north' },
    covbatCurve: { preserve: ['sex'], smooth: ['age'], smoothing: 3 },
  };
  for (const [name, options] of Object.entries(cases)) {
    it(name, async () => {
      const { harmonized, components } = file.cases[name];
      const model = await fitCovbat(family(), options);
      assert.equal(model.explained.length, components);
      const after = await applyCovbat(model, family());
      assertCloseToRows(after.features.values, harmonized, 1e-11);
      if (options.reference === undefined) return;
      const width = after.features.features.length;
      file.sites.forEach((site, row) => {
        if (site !== options.reference) return;
        const own = after.features.values.subarray(row * width, (row + 1) * width);
        assert.deepEqual(Array.from(own), file.values[row]);
      });
    });
  }

  it('applies to some scans what it does to all', async () => {
    const model = await fitCovbat(family(), { preserve: ['age', 'sex'] });
    const rows = [3, 40, 61];
    const some = await applyCovbat(model, takeSubjects(family(), rows));
    const all = await applyCovbat(model, family());
    assert.deepEqual(some.features.values, takeSubjects(all, rows).features.values);
  });
});
