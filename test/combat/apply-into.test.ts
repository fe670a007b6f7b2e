import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { combatHarmonizer } from '../../sdk/combat/combat-harmonizer';
import { applyCovbat } from '../../sdk/combat/covbat/apply-covbat';
import { fitCovbat } from '../../sdk/combat/covbat/fit-covbat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

/** A cohort of positive values, one in fifty missing, and one feature of values below zero. */
function cohortOf(subjects: number, features: number): FeatureCohort {
  const { cohort } = simulateFeatureCohort({ seed: 3, subjects, features, sites: 3 });
  const values = cohort.features.values.map((value, at) => {
    if (at % 50 === 7) return NaN;
    return at % features === 1 ? value - 1e4 : Math.abs(value) + 1;
  });
  return { ...cohort, features: { ...cohort.features, values } };
}

/** The same with values of its own. */
function copyOf(cohort: FeatureCohort): FeatureCohort {
  return { ...cohort, features: { ...cohort.features, values: cohort.features.values.slice() } };
}

const small = cohortOf(60, 7);
const positive = { ...small, features: { ...small.features, values: small.features.values.map(Math.abs) } };

describe('harmonizing into a given array', () => {
  const [reference] = small.participants.sites;
  const cases = [
    { title: 'a small table, to a reference site', cohort: small, options: { preserve: ['age'], reference } },
    { title: 'logarithms', cohort: positive, options: { transform: 'log' } },
    { title: 'a scale that depends on age', cohort: small, options: { scaleCovariates: ['age'] } },
    { title: 'a table that WebAssembly does', cohort: cohortOf(700, 301), options: {} },
  ] as const;
  for (const { title, cohort, options } of cases) {
    it(`gives the same values and issues in place, and beside: ${title}`, async () => {
      const model = await fitCombat(cohort, options);
      const before = cohort.features.values.slice();
      const plain = await applyCombat(model, cohort);
      const beside = new Float64Array(before.length);
      const written = await applyCombat(model, cohort, { into: beside });
      assert.equal(written.features.values, beside);
      assert.deepEqual(cohort.features.values, before);
      const own = copyOf(cohort);
      const inPlace = await applyCombat(model, own, { into: own.features.values });
      assert.equal(inPlace.features.values, own.features.values);
      for (const made of [written, inPlace]) assert.deepEqual(made, plain);
    });
  }

  it('leaves a table as it is where a value has no logarithm', async () => {
    const model = await fitCombat(positive, { transform: 'log' });
    const own = copyOf(positive);
    own.features.values[own.features.values.length - 2] = -1;
    const before = own.features.values.slice();
    await assert.rejects(applyCombat(model, own, { into: own.features.values }), { code: 'invalid-number' });
    assert.deepEqual(own.features.values, before);
  });

  it('refuses an array of another length, and one that begins within the table', async () => {
    const model = await fitCombat(small);
    const { length } = small.features.values;
    await assert.rejects(applyCombat(model, small, { into: new Float64Array(length - 1) }), {
      code: 'invalid-option',
      message: `invalid into: an array of ${length - 1} (${length} are required: 60 subjects × 7 features)`,
    });
    const room = new Float64Array(length + 7);
    const values = room.subarray(0, length);
    values.set(small.features.values);
    const there = { ...small, features: { ...small.features, values } };
    await assert.rejects(applyCombat(model, there, { into: room.subarray(7) }), { code: 'invalid-option' });
    assert.deepEqual(values, small.features.values);
  });

  it('serves CovBat, and no harmonizer: audits need the table as it was', async () => {
    const model = await fitCovbat(small);
    const plain = await applyCovbat(model, small);
    const own = copyOf(small);
    const inPlace = await applyCovbat(model, own, { into: own.features.values });
    assert.equal(inPlace.features.values, own.features.values);
    assert.deepEqual(inPlace, plain);
    const options = { into: own.features.values } as object;
    assert.throws(() => combatHarmonizer(options), { code: 'invalid-option' });
  });
});
