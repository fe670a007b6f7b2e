import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatMeanOnly } from '../../sdk/combat/combat-model';
import { combatModelFromJson, combatModelToJson } from '../../sdk/combat/combat-model-json';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, takeSubjects } from '../../sdk/data/cohort';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import type { JsonObject } from '../../sdk/data/json';
import { makeParticipants } from '../../sdk/data/people/participants';
import { makeSiteDesign } from '../../sdk/evaluate/models/site-design';
import { fitFeatureModels } from '../../sdk/evaluate/models/feature-models';
import { medianPresent } from '../../sdk/math/statistics/median';
import { harmonizationReport } from '../../sdk/report/harmonization-report';
import { loadTable } from '../../sdk/io/tables/load-table';
import { sharedData } from '../support/shared-data';
import { skipWithout } from '../support/skipping';
import type { FixtureRows } from '../support/combat-fixture';
import { assertCloseToRows, readCombatFixture } from '../support/combat-fixture';

// fixtures/combat/mean-only.json is made by reference.py (NumPy 2.4.6), which shares nothing with sdk/combat.

interface Case {
  readonly settings: {
    readonly missingCells: boolean;
    readonly transform: 'none' | 'log';
    readonly reference: string | null;
  };
  readonly gammaStar: FixtureRows;
  readonly harmonized: FixtureRows;
  readonly train: number[];
  readonly applied: FixtureRows;
}

interface CohortFile {
  readonly subjects: string[];
  readonly features: string[];
  readonly sites: string[];
  readonly age: number[];
  readonly sex: string[];
  readonly values: FixtureRows;
  readonly valuesWithMissing: FixtureRows;
}

const file = readCombatFixture<CohortFile>('cohort.json');

function cohortOf(rows: FixtureRows): FeatureCohort {
  const people = makeParticipants(file.subjects, file.sites, [
    continuous('age', file.age, 'years'),
    categorical('sex', file.sex),
  ]);
  const values = Float64Array.from(rows.flat(), (value) => value ?? NaN);
  return makeFeatureCohort(people, makeFeatureMatrix(values, file.subjects, file.features));
}

const preserve = ['age', { name: 'sex', reference: 'F' }];

describe('mean only, shrunk by size, against an independent implementation', () => {
  for (const one of readCombatFixture<{ cases: Case[] }>('mean-only.json').cases) {
    const { missingCells, transform, reference } = one.settings;
    const cohort = cohortOf(missingCells ? file.valuesWithMissing : file.values);
    const options: CombatOptions = {
      preserve,
      meanOnly: 'shrunk-by-size',
      transform,
      reference: reference ?? undefined,
    };
    const words = Object.entries(one.settings).map(([name, value]) => `${name} ${String(value)}`);
    it(`fits and applies: ${words.join(', ')}`, async () => {
      const model = await fitCombat(cohort, options);
      assertCloseToRows(model.gammaStar, one.gammaStar, 1e-11);
      assert.ok(model.deltaStar.every((value) => value === 1));
      assertCloseToRows((await applyCombat(model, cohort)).features.values, one.harmonized, 1e-11);
    });

    it(`serves scans and a site it was not fitted on, from its file too: ${words.join(', ')}`, async () => {
      const model = await fitCombat(takeSubjects(cohort, one.train), options);
      const stored = JSON.parse(JSON.stringify(combatModelToJson(model))) as JsonObject;
      const loaded = combatModelFromJson(stored);
      assert.equal(loaded.settings.meanOnly, 'shrunk-by-size');
      for (const own of [model, loaded]) {
        const all = await applyCombat(own, cohort, { unseen: 'estimate' });
        assertCloseToRows(all.features.values, one.applied, 1e-11);
      }
    });
  }
});

describe('the forms of mean only', () => {
  const cohort = cohortOf(file.values);

  it('says how much the published form leaves, with the remedy, and says nothing of the others', async () => {
    const model = await fitCombat(cohort, { preserve, meanOnly: true });
    const issue = model.issues.find(({ code }) => code === 'site-effect-left');
    assert.equal(issue?.severity, 'warning');
    assert.match(issue.suggestion, /meanOnly: "shrunk-by-size"/);
    // 1 / (τ² + 1), of the prior that the model stores.
    const left = model.sites.map(({ prior }) => 100 / ((prior?.locationVariance ?? NaN) + 1));
    const [least, most] = [Math.min(...left), Math.max(...left)].map((share) => share.toFixed(0));
    assert.match(issue.message, new RegExp(`from ${least} % at "\\w+" to ${most} % at "\\w+" is left$`));
    const quiet: CombatOptions[] = [
      { meanOnly: false },
      { meanOnly: 'shrunk-by-size' },
      { meanOnly: true, eb: 'none' },
      { meanOnly: true, eb: 'nonparametric' },
    ];
    for (const options of quiet) {
      const { issues } = await fitCombat(cohort, { preserve, ...options });
      assert.ok(!issues.some(({ code }) => code === 'site-effect-left'), JSON.stringify(options));
    }
  });

  it('is one and the same where the data weigh, or nothing is shrunk', async () => {
    for (const eb of ['nonparametric', 'none'] as const) {
      const [published, bySize] = await Promise.all(
        ([true, 'shrunk-by-size'] as const).map((meanOnly) => fitCombat(cohort, { preserve, eb, meanOnly })),
      );
      assert.deepEqual(bySize.gammaStar, published.gammaStar);
    }
  });

  it('names the form in the report', async () => {
    const method = async (meanOnly: CombatMeanOnly): Promise<string | undefined> => {
      const model = await fitCombat(cohort, { preserve, meanOnly });
      const after = await applyCombat(model, cohort);
      const { facts } = harmonizationReport({ before: cohort, after, model });
      return facts.find(({ label }) => label === 'Adjusts')?.value;
    };
    assert.match((await method(true)) ?? '', /location only, in the published form/);
    assert.match((await method('shrunk-by-size')) ?? '', /location only, shrunk by site size/);
    assert.match((await method(false)) ?? '', /location and scale/);
  });

  it('refuses any other word, in options and in a stored model', async () => {
    const wrong = 'yes' as unknown as CombatMeanOnly;
    await assert.rejects(fitCombat(cohort, { meanOnly: wrong }), {
      code: 'invalid-option',
      message: 'invalid meanOnly: "yes" (allowed are true, false and "shrunk-by-size")',
    });
    const model = combatModelToJson(await fitCombat(cohort, { meanOnly: 'shrunk-by-size' }));
    const settings = { ...(model['settings'] as JsonObject), meanOnly: 'yes' };
    assert.throws(() => combatModelFromJson({ ...model, settings }), { code: 'malformed-model' });
  });

  it('moves a feature without spread at a site by the weight of its scans, with the scale adjusted elsewhere', async () => {
    // The first feature has one value in all 8 scans of "north": only its location can be adjusted there.
    const flat = cohortOf(
      file.values.map((row, i) => (file.sites[i] === 'north' ? [2, ...row.slice(1)] : row)),
    );
    const model = await fitCombat(flat);
    assert.ok(model.issues.some(({ code }) => code === 'zero-variance-at-site'));
    const { prior } = model.sites[0];
    assert.ok(prior !== null);
    const { locationMean, locationVariance } = prior;
    const expected = (8 * locationVariance * model.gammaHat[0] + locationMean) / (8 * locationVariance + 1);
    assert.ok(Math.abs(model.gammaStar[0] - expected) < 1e-12);
    assert.equal(model.deltaStar[0], 1);
  });

  const ixi = sharedData('tables/ixi_ants_dkt_thickness.csv');
  it('leaves the F of site on IXI that NumPy 2.4.6 finds from the same formulas (skipped without the shared data)', async function () {
    if (ixi === undefined) skipWithout(this, 'real data');
    const brains = await loadTable(ixi, {
      id: 'subject',
      site: 'site',
      covariates: ['age', 'sex'],
      features: ['left.*', 'right.*'],
    });
    const medianF = async (of: FeatureCohort): Promise<number> => {
      const { anova } = await fitFeatureModels(of.features, makeSiteDesign(of, ['age', 'sex']));
      return medianPresent(anova.map(({ statistic }) => statistic));
    };
    const after = async (meanOnly: CombatMeanOnly): Promise<number> => {
      const model = await fitCombat(brains, { preserve: ['age', 'sex'], meanOnly });
      return medianF(await applyCombat(model, brains));
    };
    assert.equal((await medianF(brains)).toFixed(2), '26.36');
    assert.equal((await after(true)).toFixed(2), '14.53');
    assert.equal((await after('shrunk-by-size')).toFixed(3), '0.030');
    assert.equal((await after(false)).toFixed(3), '0.038');
  });
});
