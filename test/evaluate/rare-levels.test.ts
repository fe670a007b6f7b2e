import assert from 'node:assert/strict';
import { combatHarmonizer } from '../../sdk/combat/combat-harmonizer';
import type { FeatureCohort } from '../../sdk/data/cohort';
import type { Covariate } from '../../sdk/data/people/covariate';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import type { Harmonizer } from '../../sdk/data/harmonizer';
import { makeParticipants } from '../../sdk/data/people/participants';
import type { TableAudit } from '../../sdk/evaluate/audit';
import { auditTable } from '../../sdk/evaluate/audit-table';
import { harmonizedInFolds } from '../../sdk/evaluate/splits/fold-source';
import { evaluateInFolds } from '../../sdk/evaluate/evaluate-in-folds';
import { randomCohort } from './audit-cohorts';

const base = randomCohort({
  seed: 7,
  subjects: 90,
  features: 6,
  sites: 3,
  siteEffect: 1,
  ageEffect: 0.5,
  sexEffect: 1,
});
const { ids, sites, covariates } = base.participants;
const siteOf = (row: number): number => Number(sites[row].slice(4));

function cohortWith(...more: readonly Covariate[]): FeatureCohort {
  return { ...base, participants: makeParticipants(ids, sites, [...covariates, ...more]) };
}

async function audit(cohort: FeatureCohort, preserve: readonly string[]): Promise<TableAudit> {
  return auditTable(cohort, combatHarmonizer({ preserve, unseen: 'estimate' }), { seeds: 2 });
}

function requireEveryColumn({ probes, regressions, classifications }: TableAudit): void {
  const count = (protocol: string): readonly number[] =>
    [probes, regressions, classifications].map(
      (list) => list.filter((one) => one.protocol === protocol).length,
    );
  assert.deepEqual(count('in-folds'), count('raw'));
  assert.ok(count('in-folds')[0] === 2 && count('in-folds')[1] >= 2);
  for (const { overSubjects } of probes) assert.ok(Number.isFinite(overSubjects.estimate));
}

const rare = (found: TableAudit): readonly string[] =>
  found.issues.filter(({ code }) => code === 'rare-level').map(({ message }) => message);

describe('rare levels of a preserved covariate', () => {
  const kinds: readonly (readonly [string, (row: number) => string | null, readonly RegExp[]])[] = [
    [
      'one subject with a level of its own',
      (row) => (row === 5 ? 'A' : 'LR'[Number(row % 10 > 0)]),
      [
        /^level "A" of hand has one person: always in training in cross-validation, never tested there$/,
        /^no training subject has level "A" of hand where its 1 subject is tested: /,
      ],
    ],
    [
      'two levels of one subject each',
      (row) => (row === 5 ? 'A' : row === 6 ? 'B' : 'LR'[Number(row % 10 > 0)]),
      [
        /^levels "A", "B" of hand have one person each: always/,
        /level "B" of hand where/,
        /level "A" of hand where/,
      ],
    ],
    [
      'two subjects of a level at different sites',
      (row) => (row === 5 || row === 6 ? 'A' : 'LR'[row % 2]),
      [],
    ],
    [
      'a level at one site only',
      (row) => (siteOf(row) === 2 && row % 2 === 1 ? 'A' : 'LR'[(row >> 2) % 2]),
      [/^no training subject has level "A" of hand where its 15 subjects are tested: harmonized there as if/],
    ],
    [
      'so many levels of one subject each that few would be tested',
      (row) => (row % 6 === 0 ? `own${row}` : 'LR'[row % 2]),
      Array.from(
        { length: 15 },
        () => /^no training subject has level "own\d+" of hand where its 1 subject is/,
      ),
    ],
    ['a rare subject whose level is missing elsewhere', (row) => (row < 3 ? null : 'LR'[row % 2]), []],
  ];
  for (const [name, hand, messages] of kinds) {
    it(`${name}: no column is empty, and what was done is said`, async () => {
      const cohort = cohortWith(
        categorical(
          'hand',
          ids.map((_, row) => hand(row)),
        ),
      );
      const harmonizer = combatHarmonizer({
        preserve: ['age', 'sex', 'hand'],
        unseen: 'estimate',
        missingCovariates: 'drop',
      });
      const found = await auditTable(cohort, harmonizer, { seeds: 2 });
      requireEveryColumn(found);
      assert.equal(rare(found).length, messages.length, rare(found).join('\n'));
      messages.forEach((message, i) => assert.match(rare(found)[i], message));
      assert.ok(
        found.issues.filter(({ code }) => code === 'rare-level').every((one) => one.severity === 'warning'),
      );
    });
  }

  it('a covariate that is confounded in some training parts is done without there, which is said', async () => {
    // At the third site everybody but two subjects has the level, and nobody elsewhere has: without the two in training,
    // the level is the site.
    const patients = ids.filter((_, row) => siteOf(row) === 2);
    const controls = new Set(patients.slice(0, 2));
    const dx = categorical(
      'dx',
      ids.map((id, row) => (siteOf(row) === 2 && !controls.has(id) ? 'patient' : 'control')),
    );
    const found = await auditTable(
      cohortWith(dx),
      combatHarmonizer({ preserve: ['age', 'dx'], unseen: 'estimate' }),
      { seeds: 30 },
    );
    requireEveryColumn(found);
    const said = rare(found).filter((message) => message.startsWith('in '));
    assert.ok(said.length <= 1);
    assert.ok(rare(found).some((message) => message.includes('"patient" of dx')));
  });

  it('a covariate that is constant in a training part does no harm', async () => {
    const drug = categorical(
      'drug',
      ids.map((_, row) => (siteOf(row) === 1 && row % 2 === 0 ? 'yes' : 'no')),
    );
    const dose = continuous(
      'dose',
      ids.map((_, row) => (siteOf(row) === 1 ? (row * 7) % 5 : 0)),
    );
    const found = await audit(cohortWith(drug, dose), ['age', 'drug', 'dose']);
    requireEveryColumn(found);
    assert.deepEqual(rare(found).length, 1);
  });

  it('is not spoken of where the level belongs to nothing that is preserved', async () => {
    const hand = categorical(
      'hand',
      ids.map((_, row) => (row === 5 ? 'A' : 'LR'[row % 2])),
    );
    const found = await audit(cohortWith(hand), ['age', 'sex']);
    requireEveryColumn(found);
    assert.deepEqual(rare(found), []);
  });

  it('the rare subject is in the training part of every fold, and two of one level are never both tested', async () => {
    const hand = categorical(
      'hand',
      ids.map((_, row) => (row === 5 ? 'A' : row === 6 || row === 10 ? 'B' : 'LR'[row % 2])),
    );
    let fits = 0;
    const spy: Harmonizer = {
      name: 'spy',
      kind: 'features',
      preserves: ['hand'],
      fit: ({ participants }) => {
        fits++;
        if (new Set(participants.sites).size === 3) {
          assert.ok(participants.ids.includes('s5'));
          assert.ok(participants.ids.includes('s6') || participants.ids.includes('s10'));
        }
        return Promise.resolve(null);
      },
      apply: (_, given) => Promise.resolve(given),
      targets: () => [],
    };
    await evaluateInFolds(cohortWith(hand), spy, { seeds: 40 });
    assert.equal(fits, 1 + 40 * 5 + 3);
  });
});

describe('a combination of levels that no training subject has, of a preserved interaction', () => {
  it('is done without in that split, and said', async () => {
    // Two subjects of one sex have the group, and neither is in training.
    const sex = covariates.find(({ name }) => name === 'sex');
    assert.ok(sex?.kind === 'categorical');
    const some = ids.flatMap((_, row) => (sex.codes[row] === sex.codes[0] ? [row] : []));
    const few = some.slice(0, 2);
    const group = categorical(
      'group',
      ids.map((_, row) => (some.includes(row) ? (few.includes(row) ? 'x' : 'y') : 'xy'[row % 2])),
    );
    const cohort = cohortWith(group);
    const source = harmonizedInFolds(cohort, combatHarmonizer({ preserve: ['age', 'sex*group'] }));
    const train = Int32Array.from(ids.keys()).filter((row) => !few.includes(row));
    const split = await source.split(train, Int32Array.from(few), {});
    const tested = await split.test();
    assert.ok(tested.values.every(Number.isFinite));
    const [issue] = source.issues();
    assert.equal(issue.code, 'rare-level');
    assert.match(issue.message, /in 1 of 1 splits, the effect of level "x" of group cannot be separated/);
  });
});
