import assert from 'node:assert/strict';
import { applyCovbat } from '../../sdk/combat/covbat/apply-covbat';
import { covbatHarmonizer } from '../../sdk/combat/covbat/covbat-harmonizer';
import type { CovbatOptions } from '../../sdk/combat/covbat/covbat-options';
import { covbatModelFromJson, covbatModelToStored } from '../../sdk/combat/covbat/covbat-model-json';
import { fitCovbat } from '../../sdk/combat/covbat/fit-covbat';
import { harmonizeCovbat } from '../../sdk/combat/covbat/harmonize-covbat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { fitAndApply } from '../../sdk/data/fit-and-apply';
import type { JsonObject } from '../../sdk/data/json';
import { withModel } from '../../sdk/methods/fitted-harmonizer';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

/** Scans with missing cells and a feature that is passed through. */
function scansOf(features: number): FeatureCohort {
  const { cohort } = simulateFeatureCohort({ seed: 8, subjects: 90, features, sites: 3 });
  const { values } = cohort.features;
  for (let at = 0; at < values.length; at++) {
    if (at % 997 === 0) values[at] = NaN;
    if (at % features === 5) values[at] = 1;
  }
  return cohort;
}

/** The largest difference of two tables in standard deviations of the first; cells must be missing in both or in neither. */
function apart(one: Float64Array, other: Float64Array): number {
  const present = one.filter((value) => !Number.isNaN(value));
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  const spread = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length);
  let most = 0;
  one.forEach((value, at) => {
    assert.equal(Number.isNaN(value), Number.isNaN(other[at]), `cell ${at}`);
    if (!Number.isNaN(value)) most = Math.max(most, Math.abs(value - other[at]));
  });
  return most / spread;
}

describe('CovBat fitted and applied at once', () => {
  // Band by band of features in WebAssembly, and a table with fewer features than scans as a whole.
  for (const features of [2001, 40]) {
    for (const [what, options] of [
      ['by default', { preserve: ['age', 'sex'] }],
      ['to a reference site, a few components', { reference: 'site-02', components: 5, standardize: false }],
      ['with scores shrunk', { preserve: ['age'], scorePreserve: ['age'], scoreEb: true, variance: 0.5 }],
    ] satisfies readonly (readonly [string, CovbatOptions])[]) {
      it(`is fitting and then applying, to rounding: ${features} features, ${what}`, async () => {
        const cohort = scansOf(features);
        const before = cohort.features.values.slice();
        const { model, after } = await harmonizeCovbat(cohort, options);
        assert.deepEqual(cohort.features.values, before);
        const fitted = await fitCovbat(cohort, options);
        assert.deepEqual(model, fitted);
        const applied = await applyCovbat(fitted, cohort);
        assert.deepEqual(after.issues, applied.issues);
        assert.deepEqual(after.provenance, applied.provenance);
        assert.deepEqual(after.participants, applied.participants);
        assert.ok(apart(applied.features.values, after.features.values) < 1e-12);
        assert.ok(apart(applied.features.values, before) > 0.1, 'something was done');
      });
    }
  }

  it('lets a feature that is passed through be, where there are fewer features than scans', async () => {
    const cohort = scansOf(40);
    const model = await fitCovbat(cohort, { preserve: ['age'] });
    assert.equal(model.combat.status[5], 'constant');
    // A model of before: rounding among the loadings of the feature.
    const before = { ...model, rotation: model.rotation.map((own, at) => (at % 40 === 5 ? 1e-18 : own)) };
    const stored = JSON.parse(JSON.stringify(covbatModelToStored(before).description)) as JsonObject;
    for (const own of [model, covbatModelFromJson(stored)]) {
      assert.ok(own.rotation.every((loading, at) => at % 40 !== 5 || loading === 0));
      const { values } = (await applyCovbat(own, cohort)).features;
      assert.ok(values.every((value, at) => at % 40 !== 5 || value === 1 || at % 997 === 0));
    }
  });

  it('takes room for values, which may be where they come from', async () => {
    const cohort = scansOf(2001);
    const plain = await harmonizeCovbat(cohort);
    const { values } = cohort.features;
    const inPlace = await harmonizeCovbat(cohort, { into: values });
    assert.equal(inPlace.after.features.values, values);
    assert.deepEqual(inPlace, plain);
  });

  it('leaves out scans of which a covariate is missing, where it is told to', async () => {
    const cohort = scansOf(40);
    const { participants } = cohort;
    const covariates = participants.covariates.map((own) =>
      own.name === 'age' && own.kind === 'continuous'
        ? { ...own, values: own.values.map((value, row) => (row % 30 === 0 ? NaN : value)) }
        : own,
    );
    const some = { ...cohort, participants: { ...participants, covariates } };
    const options = { preserve: ['age'], missingCovariates: 'drop' } as const;
    const { after } = await harmonizeCovbat(some, options);
    assert.equal(after.participants.ids.length, participants.ids.length - 3);
    const applied = await applyCovbat(await fitCovbat(some, options), some, { missingCovariates: 'drop' });
    assert.ok(apart(applied.features.values, after.features.values) < 1e-12);
    await assert.rejects(harmonizeCovbat(some, { preserve: ['age'] }), { code: 'missing-value' });
  });

  it('is what audits call, and goes by no other fit of a copied harmonizer', async () => {
    const cohort = scansOf(40);
    const own = covbatHarmonizer({ preserve: ['age'] });
    assert.ok('fitAndApply' in own);
    const { model, after } = await fitAndApply(own, cohort);
    const other = await fitCovbat(cohort, { components: 2 });
    for (const copy of [withModel(own, other), { ...own, fit: () => Promise.resolve(other) }]) {
      const made = await fitAndApply(copy, cohort);
      assert.equal(made.model, other);
      assert.deepEqual(made.after.features.values, (await own.apply(other, cohort)).features.values);
    }
    assert.ok(apart(after.features.values, (await own.apply(model, cohort)).features.values) < 1e-12);
    await assert.rejects(fitAndApply(own, cohort, { target: 'nowhere' }), { code: 'unknown-site' });
    await assert.rejects(fitAndApply(own, {} as FeatureCohort), { code: 'invalid-option' });
  });
});
