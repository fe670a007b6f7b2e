import assert from 'node:assert/strict';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, takeSubjects } from '../../sdk/data/cohort';
import type { Harmonizer } from '../../sdk/data/harmonizer';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';
import type { Issue } from '../../sdk/data/issue';
import { auditTable } from '../../sdk/evaluate/audit-table';
import { evaluateInFolds } from '../../sdk/evaluate/evaluate-in-folds';
import type { AnyModel, HarmonizerOptions } from '../../sdk/methods/method';
import { allMethods, methodNamed } from '../../sdk/methods/methods';
import { smallCohort } from '../support/small-cohort';
import { repeatedCohort } from './repeated-cohorts';

/** Each record of the family, and what its members are fitted with. */
const family: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  combat: {
    ComBat: { preserve: ['age', 'sex'] },
    'ComBat with an interaction': { preserve: ['age*sex'] },
    'ComBat-GAM': { preserve: ['sex'], smooth: ['age'] },
    ComBatLS: { preserve: ['age', 'sex'], scaleCovariates: ['age'] },
    'robust ComBat': { preserve: ['age', 'sex'], robust: true },
    'ComBat by shifts': { preserve: ['age', 'sex'], meanOnly: 'shrunk-by-size' },
  },
  covbat: {
    CovBat: { preserve: ['age', 'sex'] },
    'CovBat on curves': { preserve: ['sex'], smooth: ['age'], components: 3 },
  },
  'nested-combat': {
    'nested ComBat': { batches: ['site', 'kernel'], preserve: ['age', 'sex'] },
    'nested ComBat with groups': { batches: ['kernel', 'site'], preserve: ['age'], mixture: 'batch' },
  },
  longitudinal: {
    'longitudinal ComBat': { preserve: ['age', 'sex'] },
    'longitudinal ComBat with slopes': { preserve: ['age', 'sex'], randomSlope: 'age' },
    'longitudinal ComBat on curves': { preserve: ['sex'], smooth: ['age'] },
  },
};

const members = Object.entries(family).flatMap(([method, variants]) =>
  Object.entries(variants).map(([name, fit]) => ({ name, method, fit })),
);

/** A member of the family; a site left out is estimated from its scans. */
function member(
  method: string,
  fit: object,
  apply: HarmonizerOptions['apply'] = { unseen: 'estimate' },
): Harmonizer<AnyModel> {
  const made = methodNamed(method).harmonizers.features?.({ fit, apply });
  assert.ok(made !== undefined);
  return made;
}

/** The cohort with a reconstruction kernel, which alternates from person to person. */
function withKernel(cohort: FeatureCohort, levels: (row: number) => string): FeatureCohort {
  const { ids, sites, persons, covariates } = cohort.participants;
  const kernel = categorical(
    'kernel',
    ids.map((_, row) => levels(row)),
  );
  return makeFeatureCohort(
    makeParticipants(ids, sites, [...covariates, kernel], { persons }),
    cohort.features,
  );
}

/** Half of the persons come twice to one site, a few to two sites, the others once. */
function visitsOf(person: number): readonly string[] {
  const own = 'ABC'[person % 3];
  if (person % 12 === 0) return ['A', 'B'];
  return person % 2 === 0 ? [own, own] : [own];
}

const visited = withKernel(
  repeatedCohort({
    seed: 2,
    persons: 45,
    features: 6,
    visits: visitsOf,
    effect: (site) => (site === 'A' ? 1 : 0),
  }),
  (row) => ['sharp', 'soft', 'soft'][row % 3],
);

const folded = { seeds: 1, folds: 3, covariates: ['age', 'sex'] };
const byAge = { ...folded, covariates: ['age'] };
const codes = (issues: readonly Issue[]): readonly string[] => issues.map(({ code }) => code);

describe('the ComBat family inside folds', () => {
  it('has every method that is fitted to tables in moments, but site scaling', () => {
    const quick = allMethods().filter(
      ({ quick, harmonizers }) => quick && harmonizers.features !== undefined,
    );
    const names = quick.map(({ name }) => name).filter((name) => name !== 'site-scaling');
    assert.deepEqual([...names].sort(), Object.keys(family).sort());
  });

  for (const { name, method, fit } of members) {
    it(`${name} learns from training persons only, with persons of several scans`, async () => {
      const own = member(method, fit);
      const trained = new Map<AnyModel, FeatureCohort>();
      let tested = 0;
      const found = await evaluateInFolds(
        visited,
        {
          ...own,
          fit: async (train, run) => {
            const model = await own.fit(train, run);
            trained.set(model, train);
            return model;
          },
          apply: async (model, given, options) => {
            const after = await own.apply(model, given, options);
            const trainedOn = trained.get(model)?.participants;
            const persons: readonly string[] = trainedOn?.persons ?? [];
            const sites: readonly string[] = trainedOn?.sites ?? [];
            const known = given.participants.persons.filter((person) => persons.includes(person));
            const heldOut = known.length === 0;
            // Nobody is on both sides, and what comes of a held-out person does not depend on who else is tested.
            assert.ok(heldOut || known.length === given.participants.persons.length);
            if (heldOut && given.participants.sites.every((site) => sites.includes(site))) {
              tested++;
              const first = given.participants.persons[0];
              const alone = takeSubjects(given, ({ person }) => person === first);
              const { values } = (await own.apply(model, alone, options)).features;
              given.participants.persons.forEach((person, row) => {
                if (person !== first) return;
                const at = alone.participants.ids.indexOf(given.participants.ids[row]);
                const width = after.features.features.length;
                for (let w = 0; w < width; w++)
                  assert.ok(
                    Math.abs(after.features.values[row * width + w] - values[at * width + w]) < 1e-12,
                  );
              });
            }
            return after;
          },
        },
        folded,
      );
      // Three folds: as they are, without age, without sex.
      assert.equal(tested, 9);
      assert.equal(found.probes.length, 2);
      for (const { overSubjects } of found.probes) assert.ok(Number.isFinite(overSubjects.estimate));
      assert.ok(found.regressions.some(({ scheme }) => scheme === 'within-site'));
      for (const { mae } of found.regressions) assert.ok(Number.isFinite(mae.estimate));
    });
  }

  it('writes no age into features that have none, by curves, components or persons either', async () => {
    // Noise at sites that differ in age: whoever is given the ages of a site left out, or of test persons, finds them.
    const noise = repeatedCohort({ seed: 9, persons: 48, features: 12, visits: () => ['A', 'A'] });
    const { ids } = noise.participants;
    const sites = ids.map((_, row) => 'ABCD'[Math.floor(row / 24)]);
    const persons = ids.map((_, row) => `p${Math.floor(row / 2)}`);
    const age = persons.map((_, row) => 20 + 14 * Math.floor(row / 24) + ((Math.floor(row / 2) * 7) % 13));
    const people = makeParticipants(ids, sites, [continuous('age', age, 'years')], { persons });
    const cohort = makeFeatureCohort(people, noise.features);
    const methods = {
      combat: { smooth: ['age'] },
      covbat: { preserve: ['age'] },
      longitudinal: { smooth: ['age'] },
    };
    for (const [method, fit] of Object.entries(methods)) {
      const { regressions } = await evaluateInFolds(cohort, member(method, fit), byAge);
      assert.equal(regressions.length, 2);
      for (const { scheme, r2 } of regressions) assert.ok(r2 < 0.05, `${method}, ${scheme}: ${r2}`);
    }
  });

  it('continues a curve beyond the range of a fold, and says for whom', async () => {
    const cohort = smallCohort({
      sizes: { A: 20, B: 20 },
      features: 4,
      covariates: (all) => [
        continuous(
          'age',
          all.map((_, row) => (row === 7 ? 95 : 20 + ((row * 17) % 40))),
        ),
      ],
    });
    for (const method of ['combat', 'covbat']) {
      const curved = member(method, { smooth: ['age'] });
      const { probes, issues } = await evaluateInFolds(cohort, curved, byAge);
      assert.ok(probes.every(({ overSubjects }) => Number.isFinite(overSubjects.estimate)));
      const said = issues.filter(({ code }) => code === 'extrapolated-in-folds');
      assert.match(said[0]?.message ?? '', /^age of \d+ subjects \(.*"A7".*\) is outside the range/);
      const audit = await auditTable(cohort, curved, byAge);
      assert.deepEqual(
        audit.issues.filter(({ code }) => code === 'extrapolated-in-folds'),
        said,
      );
    }
    const { issues } = await evaluateInFolds(cohort, member('combat', { preserve: ['age'] }), byAge);
    assert.ok(!codes(issues).includes('extrapolated-in-folds'));
  });

  it('says that figures after covariates are of straight lines, where sites differ in what has a curve', async () => {
    const apart = (older: number): FeatureCohort =>
      smallCohort({
        sizes: { A: 20, B: 20 },
        features: 3,
        covariates: (all) => [
          continuous(
            'age',
            all.map((site, row) => 20 + ((row * 17) % 20) + (site === 'B' ? older : 0)),
          ),
        ],
      });
    const curved = member('combat', { smooth: ['age'] });
    const said = async (cohort: FeatureCohort, method: Harmonizer<AnyModel>): Promise<boolean> =>
      codes((await auditTable(cohort, method, byAge)).issues).includes('curve-counts-as-site');
    assert.equal(await said(apart(20), curved), true);
    assert.equal(await said(apart(0), curved), false);
    assert.equal(await said(apart(20), member('combat', { preserve: ['age'] })), false);
  });

  it('has every level of a batch variable in each training part, and says of a level of one scan', async () => {
    const base = smallCohort({ sizes: { A: 21, B: 21 }, features: 4 });
    for (const rare of [1, 2]) {
      const cohort = withKernel(base, (row) => (row < rare ? 'rare' : ['sharp', 'soft'][row % 2]));
      // Levels that the model does not know are refused: none must come up.
      const nested = member('nested-combat', { batches: ['site', 'kernel'], preserve: ['age'] }, {});
      for (let seed = 1; seed <= 4; seed++) {
        const run = { ...byAge, seed };
        const { probes, issues } = await evaluateInFolds(cohort, nested, run);
        assert.equal(probes.length, 2);
        const said = issues.filter(({ code }) => code === 'rare-level').map(({ message }) => message);
        assert.deepEqual(
          said,
          rare === 1
            ? [
                'level "rare" of kernel has one person: always in training in cross-validation, never tested there',
              ]
            : [],
        );
      }
    }
  });

  it('says that it is the training part of a fold that is too little', async () => {
    const once = repeatedCohort({
      seed: 3,
      persons: 30,
      features: 3,
      visits: (person) => (person === 4 ? ['A', 'A'] : ['AB'[person % 2]]),
    });
    await assert.rejects(evaluateInFolds(once, member('longitudinal', {}), folded), {
      code: 'too-little-data',
      message: /^longitudinal ComBat cannot be fitted inside folds: /,
    });
  });
});
