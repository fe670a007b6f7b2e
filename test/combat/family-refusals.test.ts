import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import type { CovbatOptions } from '../../sdk/combat/covbat/covbat-options';
import { fitCovbat } from '../../sdk/combat/covbat/fit-covbat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, takeSubjects } from '../../sdk/data/cohort';
import type { Covariate } from '../../sdk/data/people/covariate';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';
import { loadModel, saveModel } from '../../sdk/methods/save-model';
import { smallCohort } from '../support/small-cohort';
import { temporaryFolder } from '../support/temporary-folder';

// What other programs of the family return in silence (FAMILY.md of the shared references), and what cannot be done.

/** Three sites of 10; ages that differ within each. */
function cohortWith(...more: readonly Covariate[]): FeatureCohort {
  const { features, participants } = smallCohort({ sizes: { A: 10, B: 10, C: 10 }, features: 6 });
  const { ids, sites } = participants;
  const age = continuous(
    'age',
    ids.map((_, row) => 20 + ((row * 37) % 61)),
    'years',
  );
  const sex = categorical(
    'sex',
    ids.map((_, row) => (row % 3 === 0 ? 'F' : 'M')),
  );
  return makeFeatureCohort(makeParticipants(ids, sites, [age, sex, ...more]), features);
}

describe('what the ComBat family refuses', () => {
  const indicator = continuous(
    'north',
    cohortWith().participants.sites.map((site) => Number(site === 'A')),
  );
  const perSite = continuous(
    'field',
    cohortWith().participants.sites.map((site) => ({ A: 1.5, B: 3, C: 7 })[site] ?? 0),
  );

  // ComBatFamily returns a wrong result without an error (γ̂ of -6.8).
  it('a covariate equal to the indicator of a site, naming both', async () => {
    const wrong = { code: 'confounded', where: { column: 'north' }, message: /confounded with site: north/ };
    const cohort = cohortWith(indicator);
    await assert.rejects(fitCombat(cohort, { preserve: ['north'] }), wrong);
    await assert.rejects(fitCombat(cohort, { preserve: ['north'], smooth: ['age'] }), wrong);
    await assert.rejects(fitCombat(cohort, { preserve: ['north'], robust: true }), wrong);
    await assert.rejects(fitCovbat(cohort, { preserve: ['north'] }), wrong);
    await assert.rejects(fitCovbat(cohort, { scorePreserve: ['north'] }), wrong);
  });

  it('a smooth of what is the same within every site, or follows from what is preserved', async () => {
    const { participants } = cohortWith();
    const cohort = cohortWith(continuous('months', ages(participants.covariates[0])));
    await assert.rejects(fitCombat(cohort, { smooth: ['months'], preserve: ['age'] }), {
      code: 'confounded',
      message: /(age|months) follows from (age|months)/,
    });
    // Three different values are too few for a curve; with sites enough, it is confounded as a straight line is.
    await assert.rejects(fitCombat(cohortWith(perSite), { smooth: ['field'] }), { code: 'too-little-data' });
    const five = smallCohort({ sizes: { A: 6, B: 6, C: 6, D: 6, E: 6 }, features: 4 });
    const { ids, sites } = five.participants;
    const bore = continuous(
      'bore',
      sites.map((site) => 50 + 5 * 'ABCDE'.indexOf(site)),
    );
    const wide = makeFeatureCohort(makeParticipants(ids, sites, [bore]), five.features);
    await assert.rejects(fitCombat(wide, { smooth: ['bore'] }), {
      code: 'confounded',
      message: /confounded with site: bore/,
    });
  });

  it('names what is nearly confounded', async () => {
    const { participants } = cohortWith();
    const wave = continuous(
      'wave',
      participants.sites.map((site, row) => 100 * 'ABC'.indexOf(site) + (row % 7)),
    );
    const model = await fitCombat(cohortWith(wave), { smooth: ['wave'] });
    const [issue] = model.issues.filter(({ code }) => code === 'nearly-confounded');
    assert.equal(issue.where.column, 'wave');
  });

  const refused: readonly [string, CombatOptions, RegExp][] = [
    [
      'a smooth of levels',
      { smooth: ['sex'] },
      /sex is categorical, and a smooth requires amounts \(leave it out of the option smooth: what is preserved/,
    ],
    ['a smooth by an amount', { smooth: [{ name: 'age', by: 'age' }] }, /goes by the levels of a category/],
    ['a smooth twice', { smooth: ['age', { name: 'age', by: 'sex' }] }, /"age" is listed twice/],
    ['a smooth that is no list', { smooth: 'age' as unknown as string[] }, /smooth/],
    ['a smooth of what is not there', { smooth: ['aeg'] }, /aeg/],
    ['bounds in the wrong order', { smooth: [{ name: 'age', bounds: [90, 5] }] }, /invalid bounds of age/],
    ['knots in the wrong order', { smooth: [{ name: 'age', knots: [70, 20] }] }, /invalid knots of age: 70/],
    ['both', { smooth: [{ name: 'age', knots: [20, 70], bounds: [5, 90] }] }, /its knots are given/],
    [
      'too few splines',
      { smooth: [{ name: 'age', splines: 4 }] },
      /invalid splines of age: 4 .*from 5 to 40/,
    ],
    [
      'splines of neuroHarmonize',
      { smooth: [{ name: 'age', splines: 6 }], basis: 'neuroharmonize' },
      /at quantiles of the scans/,
    ],
    ['no penalties', { smooth: ['age'], penalties: [] }, /invalid smoothing of penalties: none/],
    ['penalties for nothing', { smooth: ['age'], smoothing: 2, penalties: [1] }, /nothing is chosen among/],
    ['a penalty of 0', { smooth: ['age'], smoothing: 0 }, /invalid smoothing of all features: 0/],
    [
      'penalties of some curves',
      { smooth: [{ name: 'age', penalty: 2 }, 'size'] },
      /invalid penalty of the curve of "size": other curves have one/,
    ],
    ['a curve with a penalty of 0', { smooth: [{ name: 'age', penalty: 0 }] }, /curve of "age": 0/],
    [
      'a score beside penalties of curves',
      { smooth: [{ name: 'age', penalty: 2 }], smoothing: 'reml' },
      /invalid smoothing: each curve has its penalty/,
    ],
    [
      'a choice beside penalties of curves',
      { smooth: [{ name: 'age', penalty: 2 }], penalties: [1, 2] },
      /nothing is chosen among/,
    ],
    ['penalties of some features', { smooth: ['age'], smoothing: { f0: 1 } }, /no penalty for feature "f1"/],
    ['a penalty of none', { smooth: ['age'], smoothing: { g0: 1 } }, /unknown feature "g0"/],
    ['a score', { smooth: ['age'], smoothing: 'aic' as 'gcv' }, /aic/],
    ['medians with non-parametric priors', { robust: true, eb: 'nonparametric' }, /invalid robust/],
  ];
  for (const [name, options, message] of refused) {
    it(name, () => assert.rejects(fitCombat(cohortWith(), options), { message }));
  }

  const refusedScores: readonly [string, CovbatOptions, RegExp][] = [
    ['a share of 1', { variance: 1 }, /invalid variance: 1/],
    ['half a component', { components: 2.5 }, /invalid components: 2.5/],
    ['both', { variance: 0.9, components: 2 }, /one of them is allowed/],
  ];
  for (const [name, options, message] of refusedScores) {
    it(`of CovBat ${name}`, () => assert.rejects(fitCovbat(cohortWith(), options), { message }));
  }
});

describe('what the ComBat family does where others fail', () => {
  // ComBatFamily: one missing cell, or a site of one, is an obscure error.
  it('fits a table with a missing cell and a site of one', async () => {
    const whole = cohortWith();
    const rows = Array.from({ length: 21 }, (_, row) => row);
    const values = whole.features.values.map((value, at) => (at === 8 ? NaN : value));
    const cohort = takeSubjects({ ...whole, features: { ...whole.features, values } }, rows);
    for (const options of [{ smooth: ['age'] }, { robust: true }]) {
      const after = await applyCombat(await fitCombat(cohort, options), cohort);
      after.features.values.forEach((value, at) => assert.equal(Number.isFinite(value), at !== 8));
    }
  });

  // predict() of ComBatFamily moves scans of the reference site by 0.011 mm.
  it('leaves scans of the reference site as they are, in tables to come too', async () => {
    const cohort = cohortWith();
    const model = await fitCombat(cohort, { smooth: ['age'], reference: 'B', robust: true });
    const own = takeSubjects(cohort, [11, 14]);
    assert.deepEqual((await applyCombat(model, own)).features.values, own.features.values);
  });

  it('says where medians find no spread: at a site, or in a feature', async () => {
    const whole = cohortWith();
    const changed = (change: (value: number, row: number) => number): FeatureCohort => {
      const values = whole.features.values.map((value, at) =>
        at % 6 === 2 ? change(value, Math.floor(at / 6)) : value,
      );
      return { ...whole, features: { ...whole.features, values } };
    };
    // Two thirds of the values of each site are one: its own scale is 0, though there is spread between sites.
    const bySite = await fitCombat(
      changed((value, row) => (row % 3 === 0 ? value : 5)),
      { robust: true },
    );
    const flat = bySite.issues.filter(({ code }) => code === 'zero-variance-at-site');
    assert.deepEqual(
      flat.map(({ where }) => where.site),
      ['A', 'B', 'C'],
    );
    const one = await fitCombat(
      changed((value, row) => (row === 0 ? value : 5)),
      { robust: true },
    );
    assert.equal(one.status[2], 'not-estimable');
    assert.ok(
      one.issues.some(({ code, where }) => code === 'feature-not-estimable' && where.feature === 'f2'),
    );
  });

  it('can be canceled', async () => {
    const signal = AbortSignal.abort();
    for (const fit of [fitCombat, fitCovbat]) {
      await assert.rejects(fit(cohortWith(), { smooth: ['age'], signal }), { code: 'aborted' });
    }
  });
});

describe('models of the ComBat family', () => {
  const folder = temporaryFolder();

  it('come back from a file with the same bits', async () => {
    const cohort = cohortWith();
    const combat = await fitCombat(cohort, { smooth: [{ name: 'age', by: 'sex' }], robust: true });
    await saveModel(combat, folder.path('combat.json'));
    assert.deepEqual(await loadModel(folder.path('combat.json'), 'combat'), combat);
    const covbat = await fitCovbat(cohort, { smooth: ['age'], variance: 0.8 });
    await saveModel(covbat, folder.path('covbat.json'));
    assert.deepEqual(await loadModel(folder.path('covbat.json'), 'covbat'), covbat);
  });

  it('are refused where a part does not fit', async () => {
    const cohort = cohortWith();
    const combat = await fitCombat(cohort, { smooth: ['age'] });
    const [smooth] = combat.smooths;
    const wrong = { code: 'invalid-option', message: /invalid model/ };
    for (const change of [
      { smooths: [] },
      { smooths: [{ ...smooth, knots: smooth.knots.slice(1) }] },
      { smooths: [{ ...smooth, knots: [...smooth.knots].reverse() }] },
      { smooths: [{ ...smooth, centers: [] }] },
      { smooths: [{ ...smooth, by: { covariate: 'sex', level: 'F' } }] },
      { settings: { ...combat.settings, robust: 'yes' as unknown as boolean } },
    ]) {
      await assert.rejects(saveModel({ ...combat, ...change }, folder.path('wrong.json')), wrong);
    }
    const covbat = await fitCovbat(cohort, { preserve: ['age'] });
    for (const change of [
      { scales: covbat.scales.map(() => 0) },
      { rotation: covbat.rotation.map(() => NaN) },
      {
        scores: {
          ...covbat.scores,
          sites: covbat.scores.sites.map((site, s) => ({ ...site, name: `S${s}` })),
        },
      },
      { settings: { ...covbat.settings, variance: 2 } },
    ]) {
      await assert.rejects(saveModel({ ...covbat, ...change }, folder.path('wrong.json')), wrong);
    }
  });
});

function ages(covariate: Covariate): readonly number[] {
  return covariate.kind === 'continuous' ? Array.from(covariate.values, (value) => 12 * value) : [];
}
