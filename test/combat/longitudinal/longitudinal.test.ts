import assert from 'node:assert/strict';
import { applyLongitudinal } from '../../../sdk/combat/longitudinal/apply-longitudinal';
import { fitLongitudinal } from '../../../sdk/combat/longitudinal/fit-longitudinal';
import type { LongitudinalOptions } from '../../../sdk/combat/longitudinal/longitudinal-options';
import { longitudinalHarmonizer } from '../../../sdk/combat/longitudinal/longitudinal-harmonizer';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { takeSubjects } from '../../../sdk/data/cohort';
import type { Covariate } from '../../../sdk/data/people/covariate';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import { withPersons } from '../../../sdk/data/people/participants';
import { evaluateInFolds } from '../../../sdk/evaluate/evaluate-in-folds';
import { loadModel, saveModel } from '../../../sdk/methods/save-model';
import { longitudinalFixture } from '../../support/longitudinal-fixture';
import { temporaryFolder } from '../../support/temporary-folder';

const preserve = ['age', 'male'];

describe('longitudinal ComBat', () => {
  const folder = temporaryFolder();
  const { cohort, found } = longitudinalFixture();
  const [width, rows] = [cohort.features.features.length, cohort.participants.ids.length];

  const withCovariates = (change: (all: readonly Covariate[]) => readonly Covariate[]): FeatureCohort => ({
    ...cohort,
    participants: { ...cohort.participants, covariates: change(cohort.participants.covariates) },
  });
  const withValues = (change: (value: number, row: number, w: number) => number): FeatureCohort => ({
    ...cohort,
    features: {
      ...cohort.features,
      values: cohort.features.values.map((value, at) => change(value, Math.floor(at / width), at % width)),
    },
  });
  const isClose = (one: Float64Array, other: Float64Array, most: number): void =>
    one.forEach((value, at) => {
      const same = Math.abs(value - other[at]) <= most || (Number.isNaN(value) && Number.isNaN(other[at]));
      assert.ok(same, `${at}: ${value} ${other[at]}`);
    });

  it('finds what lme4 finds: unbalanced visits, persons of one visit, missing cells, no variance of persons', async () => {
    const model = await fitLongitudinal(cohort, { preserve });
    Object.values(found).forEach((known, w) => {
      assert.ok(Math.abs(model.criterion[w] / known.criterion - 1) <= 1e-9);
      assert.ok(Math.abs(model.covariance[w] - known.personVariance) <= 1e-6);
      assert.ok(Math.abs(model.residualVariance[w] / known.residualVariance - 1) <= 1e-6);
      model.persons.forEach((person, at) =>
        assert.ok(Math.abs(model.effects[at * width + w] - (known.effects[person] ?? 0)) <= 1e-6),
      );
    });
    const boundary = model.issues.find(({ code }) => code === 'no-person-effect');
    assert.match(boundary?.message ?? '', /^in 1 feature of 4 .*\("f3"\)/);
    assert.ok(!model.issues.some(({ code }) => code === 'repeated-persons'));
  });

  it('never does worse than lme4 with slopes', async () => {
    const model = await fitLongitudinal(cohort, { preserve, randomSlope: 'time' });
    assert.deepEqual(model.combat.settings.preserve, ['age', 'male', 'time']);
    Object.values(found).forEach(({ slopeCriterion }, w) => {
      assert.ok(model.criterion[w] <= slopeCriterion * (1 + 1e-9), `${model.criterion[w]} ${slopeCriterion}`);
    });
  });

  it('is the same with time in days from another origin', async () => {
    const inDays = withCovariates((all) =>
      all.map((one) =>
        one.name === 'time' && one.kind === 'continuous'
          ? continuous(
              'time',
              Array.from(one.values, (value) => 365.25 * value + 7e5),
            )
          : one,
      ),
    );
    const options: LongitudinalOptions = { preserve, randomSlope: 'time' };
    const years = await applyLongitudinal(await fitLongitudinal(cohort, options), cohort);
    const days = await applyLongitudinal(await fitLongitudinal(inDays, options), inDays);
    isClose(days.features.values, years.features.values, 1e-6);
  });

  it('predicts persons that it does not know as those that it knows, from the same visits', async () => {
    for (const options of [{}, { randomSlope: 'time' }]) {
      const model = await fitLongitudinal(cohort, { preserve, ...options });
      const expected = await applyLongitudinal(model, cohort);
      const persons = cohort.participants.persons.map((person) => `other ${person}`);
      const others = { ...cohort, participants: withPersons(cohort.participants, persons) };
      const predicted = await applyLongitudinal(model, others);
      isClose(predicted.features.values, expected.features.values, 1e-7);
      assert.ok(predicted.issues.some(({ code }) => code === 'unseen-persons'));
      const zero = await applyLongitudinal(model, others, { unseenPersons: 'zero' });
      assert.ok(
        zero.features.values.some((value, at) => Math.abs(value - expected.features.values[at]) > 0.01),
      );
    }
  });

  it('says whose effects it takes over for scans that it was not fitted on', async () => {
    const model = await fitLongitudinal(cohort, { preserve });
    const ids = cohort.participants.ids.map((id, row) => (row === 3 ? 'later' : id));
    const later: FeatureCohort = {
      ...cohort,
      participants: { ...cohort.participants, ids },
      features: { ...cohort.features, subjects: ids },
    };
    const known = (await applyLongitudinal(model, later)).issues.filter(
      ({ code }) => code === 'known-persons',
    );
    assert.deepEqual(
      known.map(({ where }) => where.subject),
      [cohort.participants.persons[3]],
    );
    const own = await applyLongitudinal(model, takeSubjects(cohort, [0, 5]));
    assert.ok(!own.issues.some(({ code }) => code === 'known-persons'));
  });

  it('harmonizes a site that it does not know by policy, with its persons', async () => {
    const rowsOf = (wanted: (site: string) => boolean): number[] =>
      cohort.participants.sites.flatMap((site, row) => (wanted(site) ? [row] : []));
    const model = await fitLongitudinal(
      takeSubjects(
        cohort,
        rowsOf((site) => site !== 'C'),
      ),
      { preserve },
    );
    const unseen = takeSubjects(
      cohort,
      rowsOf((site) => site === 'C'),
    );
    await assert.rejects(applyLongitudinal(model, unseen), { code: 'unknown-site' });
    const left = await applyLongitudinal(model, unseen, { unseen: 'covariates' });
    assert.deepEqual(left.features.values, unseen.features.values);
    const estimated = await applyLongitudinal(model, unseen, { unseen: 'estimate' });
    assert.ok(estimated.features.values.some((value, at) => value !== unseen.features.values[at]));
    assert.ok(estimated.issues.some(({ code }) => code === 'unseen-site'));
  });

  it('leaves the reference site bit for bit, also on the logarithm, and stays above zero there', async () => {
    const above = withValues((value) => value + 10);
    const model = await fitLongitudinal(above, { preserve, reference: 'B', transform: 'log' });
    const after = await applyLongitudinal(model, above);
    above.participants.sites.forEach((site, row) => {
      const own = (of: FeatureCohort): Float64Array =>
        of.features.values.subarray(row * width, (row + 1) * width);
      if (site === 'B') assert.deepEqual(own(after), own(above));
    });
    assert.ok(after.features.values.every((value) => Number.isNaN(value) || value > 0));
    const path = folder.path('longitudinal.json');
    await saveModel(model, path);
    const loaded = await loadModel(path, 'longitudinal');
    assert.deepEqual((await applyLongitudinal(loaded, above)).features.values, after.features.values);
  });

  it('passes features through that are constant, or the same in all scans of a person, and says so', async () => {
    const first = cohort.participants.persons.map((person) => cohort.participants.persons.indexOf(person));
    const flat = withValues((value, row, w) =>
      w === 0 ? 7 : w === 1 ? cohort.features.values[first[row] * width + 1] : value,
    );
    const model = await fitLongitudinal(flat, { preserve });
    assert.deepEqual(model.combat.status, ['constant', 'not-estimable', 'harmonized', 'harmonized']);
    const alike = model.issues.find(({ code }) => code === 'alike-within-persons');
    assert.match(alike?.message ?? '', /^in 1 feature of 4 .*"f2"/);
    const after = await applyLongitudinal(model, flat);
    for (let at = 0; at < rows * width; at += width) {
      assert.equal(after.features.values[at + 1], flat.features.values[at + 1]);
    }
  });

  it('refuses what cannot be told apart, by name', async () => {
    const alone = { ...cohort, participants: withPersons(cohort.participants, cohort.participants.ids) };
    await assert.rejects(fitLongitudinal(alone, { preserve }), {
      code: 'too-little-data',
      message: /^no person was scanned twice: 76 scans are of as many persons/,
    });
    // One person came twice, to two sites: the difference between them is all that there is within persons.
    const { persons, ids, sites } = cohort.participants;
    const other = sites.findIndex((site) => site !== sites[0]);
    const once = ids.map((id, row) => (row === 0 || row === other ? persons[0] : id));
    const pair = { ...cohort, participants: withPersons(cohort.participants, once) };
    await assert.rejects(fitLongitudinal(pair, { preserve }), {
      code: 'too-little-data',
      message: /^too few scans/,
    });
    const levels = withCovariates((all) => [
      ...all,
      categorical(
        'visit',
        sites.map((_, row) => `v${row % 2}`),
      ),
    ]);
    await assert.rejects(fitLongitudinal(levels, { randomSlope: 'visit' }), {
      code: 'invalid-option',
      message: /^invalid randomSlope: visit is categorical/,
    });
    await assert.rejects(fitLongitudinal(cohort, { robust: true }), { code: 'invalid-option' });
    await assert.rejects(fitLongitudinal(cohort, { scaleCovariates: ['age'] }), {
      message: /^invalid scaleCovariates: it cannot be combined with the effects of persons/,
    });
  });

  // comfam returns a site effect of −6.8 in silence (FAMILY.md of the shared references).
  it('refuses a covariate that is an indicator of a site', async () => {
    const indicator = withCovariates((all) => [
      ...all,
      continuous(
        'north',
        cohort.participants.sites.map((site) => Number(site === 'A')),
      ),
    ]);
    await assert.rejects(fitLongitudinal(indicator, { preserve: ['age', 'north'] }), {
      code: 'confounded',
      message: /north/,
    });
  });

  // longCombat ends in an error where the name of a covariate contains that of the batch variable.
  it('takes covariates of any name', async () => {
    const renamed = withCovariates((all) =>
      all.map((one) => (one.name === 'age' ? { ...one, name: 'site age (1|person)' } : one)),
    );
    const model = await fitLongitudinal(renamed, { preserve: ['site age (1|person)', 'male'] });
    isClose(model.criterion, (await fitLongitudinal(cohort, { preserve })).criterion, 1e-9);
  });

  it('keeps the visits of a person in one fold', async () => {
    const held = new Set<string>();
    const harmonizer = longitudinalHarmonizer({ preserve, unseen: 'estimate' });
    await evaluateInFolds(
      cohort,
      {
        ...harmonizer,
        fit: async (own, run) => {
          const inside = new Set(own.participants.persons);
          own.participants.ids.forEach((id) => held.add(id));
          const model = await harmonizer.fit(own, run);
          assert.equal(model.persons.length, inside.size);
          const outside = cohort.participants.ids.filter((id) => !own.participants.ids.includes(id));
          outside.forEach((id) => assert.ok(!inside.has(id.split('@')[0]), id));
          return model;
        },
      },
      { seeds: 1, folds: 3, covariates: preserve },
    );
    assert.equal(held.size, rows);
  });
});
