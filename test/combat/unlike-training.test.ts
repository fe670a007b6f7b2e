import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { takeSubjects } from '../../sdk/data/cohort';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

const simulated = (seed: number): FeatureCohort =>
  simulateFeatureCohort({ seed, sites: 3, subjects: 120, features: 30 }).cohort;

function withValues(
  cohort: FeatureCohort,
  change: (value: number, row: number, w: number) => number,
): FeatureCohort {
  const width = cohort.features.features.length;
  const values = cohort.features.values.map((value, i) => change(value, Math.floor(i / width), i % width));
  return { ...cohort, features: { ...cohort.features, values } };
}

const said = (cohort: FeatureCohort, code: string): readonly string[] =>
  cohort.issues.filter((issue) => issue.code === code).map(({ message }) => message);

const preserve = ['age', 'sex'];

describe('a table unlike the one that a ComBat model was fitted on', () => {
  it('is warned of where features are in another unit, all or some', async () => {
    const cohort = simulated(1);
    const model = await fitCombat(cohort, { preserve });
    const micrometers = await applyCombat(
      model,
      withValues(cohort, (value) => value * 1000),
    );
    assert.match(said(micrometers, 'unlike-training')[0], /^values of 30 of 30 features are more than 8/);
    const one = takeSubjects(
      withValues(cohort, (value, _, w) => (w === 4 ? value / 10 : value)),
      [7],
    );
    assert.match(said(await applyCombat(model, one), 'unlike-training')[0], /^values of 1 of 30 features/);
  });

  it('is warned of where one site is in another unit, one that the model knows or not', async () => {
    const cohort = simulated(1);
    const model = await fitCombat(cohort, { preserve });
    const { sites, ids } = cohort.participants;
    const [first] = sites;
    const micrometers = withValues(cohort, (value, row) => (sites[row] === first ? value * 1000 : value));
    assert.match(
      said(await applyCombat(model, micrometers), 'unlike-training')[0],
      new RegExp(`^values of 30 of 30 features at site "${first}" are more than 8`),
    );
    // The effect of a new site is estimated from its scans, and would make up for the unit.
    const renamed = sites.map((site) => (site === first ? 'new' : site));
    const unknown = { ...micrometers, participants: { ...cohort.participants, sites: renamed } };
    const scans = ids.filter((_, row) => sites[row] === first);
    for (const unseen of ['estimate', 'own-priors', 'creb'] as const) {
      const [message] = said(await applyCombat(model, unknown, { unseen }), 'unlike-training');
      assert.ok(
        message.startsWith(`a quarter or more of the values of ${scans.length} subjects are`),
        unseen,
      );
    }
    const right = { ...cohort, participants: unknown.participants };
    assert.deepEqual(said(await applyCombat(model, right, { unseen: 'estimate' }), 'unlike-training'), []);
  });

  it('is warned of where one scan is in another unit, by its id, and so where its place is taken', async () => {
    const cohort = simulated(1);
    const model = await fitCombat(cohort, { preserve });
    const centimeters = withValues(cohort, (value, row) => (row === 7 ? value / 10 : value));
    const expected =
      'a quarter or more of the values of 1 subject are more than 8 standard deviations from those that the model was fitted on: ' +
      `"${cohort.participants.ids[7]}"`;
    for (const into of [undefined, centimeters.features.values]) {
      assert.deepEqual(said(await applyCombat(model, centimeters, { into }), 'unlike-training'), [expected]);
    }
  });

  it('is warned of where it is harmonized already, or its sites are mixed up', async () => {
    const cohort = simulated(2);
    const model = await fitCombat(cohort, { preserve });
    const once = await applyCombat(model, cohort);
    assert.deepEqual(said(once, 'unlike-training'), []);
    const twice = await applyCombat(model, { ...once, issues: [] });
    assert.match(said(twice, 'unlike-training')[0], /show none of the differences between sites/);
    const names = model.sites.map(({ name }) => name);
    const sites = cohort.participants.sites.map((site) => names[(names.indexOf(site) + 1) % names.length]);
    const mixed = { ...cohort, participants: { ...cohort.participants, sites } };
    assert.match(said(await applyCombat(model, mixed), 'unlike-training')[0], /sites/);
  });

  it('is not seen in the training table, nor in new subjects of its sites, however few', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const cohort = simulated(seed);
      const rows = [...cohort.participants.ids.keys()];
      const model = await fitCombat(
        takeSubjects(
          cohort,
          rows.filter((row) => row % 2 === 0),
        ),
        { preserve },
      );
      for (const share of [2, 4, 12]) {
        const fresh = takeSubjects(
          cohort,
          rows.filter((row) => row % 2 === 1 && row % share === 1),
        );
        assert.deepEqual(said(await applyCombat(model, fresh), 'unlike-training'), [], `seed ${seed}`);
      }
    }
  });
});

describe('a feature in another unit at one site', () => {
  it('is warned of, with both means', async () => {
    const cohort = simulated(3);
    const site = cohort.participants.sites[0];
    const slipped = withValues(cohort, (value, row, w) =>
      w === 2 && cohort.participants.sites[row] === site ? value * 10 : value,
    );
    const model = await fitCombat(slipped, { preserve });
    const found = model.issues.filter(({ code }) => code === 'doubtful-unit');
    assert.equal(found.length, 1);
    assert.equal(found[0].where.site, site);
    assert.match(
      found[0].message,
      /are on another scale than elsewhere: feature .* \(about \d+\.\d, elsewhere \d\.\d+\)$/,
    );
    assert.deepEqual(
      (await fitCombat(cohort, { preserve })).issues.filter(({ code }) => code === 'doubtful-unit'),
      [],
    );
  });

  it('is warned of in every feature, by the means of values and not those at the mean of covariates', async () => {
    const cohort = simulated(3);
    const { sites } = cohort.participants;
    const [site] = sites;
    // The slope of age is that of large values: what is fitted at small ones for the age of all others may be below zero.
    const small = withValues(cohort, (value, row) => (sites[row] === site ? value / 1000 : value));
    const large = withValues(cohort, (value, row) => (sites[row] === site ? value * 1000 : value));
    const mean = (table: FeatureCohort, at: (name: string) => boolean): number => {
      const rows = [...sites.keys()].filter((row) => at(sites[row]));
      return rows.reduce((sum, row) => sum + table.features.values[row * 30], 0) / rows.length;
    };
    for (const table of [small, large]) {
      const model = await fitCombat(table, { preserve });
      const [{ message }] = model.issues.filter(({ code }) => code === 'doubtful-unit');
      assert.match(message, /^values at site .* are on another scale than elsewhere: 30 features: /);
      const [here, elsewhere] = [...message.matchAll(/(?:about|elsewhere) ([\d.e+-]+)/g)].map(([, text]) =>
        Number(text),
      );
      const own = mean(table, (name) => name === site);
      assert.ok(Math.abs(here / own - 1) < 0.01, `${here} is not ${own}`);
      const others = [...new Set(sites)].filter((name) => name !== site);
      const theirs = others.map((other) => mean(table, (name) => name === other));
      assert.ok(
        theirs.some((value) => Math.abs(elsewhere / value - 1) < 0.01),
        `${elsewhere} is none of ${theirs.join(', ')}`,
      );
    }
  });

  it('is not claimed of a feature without any value at a site', async () => {
    const cohort = simulated(3);
    const site = cohort.participants.sites[0];
    const emptied = withValues(cohort, (value, row, w) =>
      w === 2 && cohort.participants.sites[row] === site ? NaN : value,
    );
    const { issues } = await fitCombat(emptied, { preserve });
    assert.deepEqual(
      issues.filter(({ code }) => code === 'doubtful-unit'),
      [],
    );
    assert.deepEqual(
      issues.filter(({ code }) => code === 'site-not-estimable').map(({ where }) => where.site),
      [site],
    );
    assert.ok(issues.every(({ message }) => !message.includes('NaN')));
  });
});
