import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ApplyCombatOptions } from '../../sdk/combat/apply-combat';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { applyNestedCombat } from '../../sdk/combat/batches/apply-nested-combat';
import { fitNestedCombat } from '../../sdk/combat/batches/fit-nested-combat';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import { applyCovbat } from '../../sdk/combat/covbat/apply-covbat';
import { fitCovbat } from '../../sdk/combat/covbat/fit-covbat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { applyLongitudinal } from '../../sdk/combat/longitudinal/apply-longitudinal';
import { fitLongitudinal } from '../../sdk/combat/longitudinal/fit-longitudinal';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { takeSubjects } from '../../sdk/data/cohort';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { ConcordError } from '../../sdk/errors';
import { mapStudy } from '../maps/map-study';
import { concord } from '../support/run-command';
import { smallCohort } from '../support/small-cohort';
import { temporaryFolder } from '../support/temporary-folder';

// That the table "Which members combine" of guide/combat.md is true: each of its cells is tried, and so is what goes with all.

const guide = readFileSync(resolve(__dirname, '../../guide/combat.md'), 'utf8');
const [, section] = /## Which members combine\n([\s\S]*?)\n## /.exec(guide) ?? [];
const [head, , ...rows] = section
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

type Fitted = (scans: FeatureCohort, options?: ApplyCombatOptions) => Promise<FeatureCohort>;
type Member = (cohort: FeatureCohort, options: CombatOptions) => Promise<Fitted>;

const options: Readonly<Record<string, CombatOptions>> = {
  curves: { smooth: ['age'] },
  'covariates of scale': { preserve: ['age'], scaleCovariates: ['age'] },
  robust: { robust: true },
};

const combat: Member = async (cohort, own) => {
  const model = await fitCombat(cohort, own);
  return (scans, more) => applyCombat(model, scans, more);
};
const members: Readonly<Record<string, Member>> = {
  CovBat: async (cohort, own) => {
    const model = await fitCovbat(cohort, own);
    return (scans, more) => applyCovbat(model, scans, more);
  },
  'several batch variables': async (cohort, { reference, ...rest }) => {
    const references: Readonly<Record<string, string>> = reference === undefined ? {} : { site: reference };
    const plan = { batches: ['site', 'kernel'], order: 'given', references } as const;
    const model = await fitNestedCombat(cohort, { ...rest, ...plan });
    return (scans, more) => applyNestedCombat(model, scans, more);
  },
  longitudinal: async (cohort, own) => {
    const model = await fitLongitudinal(cohort, own);
    return (scans, more) => applyLongitudinal(model, scans, more);
  },
};

/** The column that files are tried for. */
const wholeSurfaces = 'whole surfaces, out of core';

/** How each is asked of maps; federated ComBat has no such call. */
const onTheCommandLine: Readonly<Record<string, readonly string[]>> = {
  curves: ['--smooth', 'age'],
  'covariates of scale': ['--preserve', 'age', '--scale-covariates', 'age'],
  robust: ['--robust'],
  CovBat: ['--method', 'covbat'],
  'several batch variables': ['--method', 'nested-combat'],
  longitudinal: ['--method', 'longitudinal', '--person', 'person'],
};

/** 60 scans of 30 persons at three sites, two visits each. */
function table(change?: (value: number, row: number, feature: number) => number): FeatureCohort {
  const sizes = { A: 20, B: 20, C: 20 };
  const covariates = (sites: readonly string[]): ReturnType<typeof continuous | typeof categorical>[] => [
    continuous(
      'age',
      sites.map((_, row) => 20 + ((row * 37) % 53)),
      'years',
    ),
    categorical(
      'sex',
      sites.map((_, row) => 'FM'[Number(row % 4 > 1)]),
    ),
    categorical(
      'kernel',
      sites.map((_, row) => ['sharp', 'soft'][Number(row % 5 > 2)]),
    ),
  ];
  const cohort = smallCohort({ sizes, features: 4, covariates, change });
  const persons = cohort.participants.ids.map((_, row) => `p${row % 30}`);
  return { ...cohort, participants: { ...cohort.participants, persons } };
}

/** A few scans, as of a site that no model knows. */
function newSite(cohort: FeatureCohort): FeatureCohort {
  const few = takeSubjects(cohort, [0, 1, 2, 21, 22, 41, 42]);
  const sites = few.participants.sites.map(() => 'Z');
  return { ...few, participants: { ...few.participants, sites } };
}

const own = (one: CombatOptions, other: CombatOptions): CombatOptions => ({
  ...one,
  ...other,
  preserve: [...new Set([...(one.preserve ?? []), ...(other.preserve ?? [])])],
});

async function works(run: Promise<FeatureCohort>, where: string): Promise<void> {
  const { features } = await run;
  assert.ok(
    features.values.some((value) => Number.isFinite(value)),
    where,
  );
}

describe('which members combine', () => {
  const folder = temporaryFolder();

  it('is a table of all of them', () => {
    assert.deepEqual(head.slice(1), [...Object.keys(options), 'CovBat', wholeSurfaces]);
    assert.deepEqual(
      rows.map(([name]) => name),
      [...Object.keys(options), ...Object.keys(members), 'federated'],
    );
  });

  for (const [row, ...cells] of rows) {
    // Federated ComBat has tests of its own.
    if (row === 'federated') continue;
    it(`says what is: ${row}`, async () => {
      for (const [at, cell] of cells.entries()) {
        const column = head[at + 1];
        const where = `${row} with ${column}`;
        // There is no such call; or it is of files, and tried below.
        if (cell === 'no' || cell === '–' || column === wholeSurfaces) continue;
        const member = members[row] ?? members[column] ?? combat;
        const run = member(table(), own(options[row] ?? {}, options[column] ?? {})).then((apply) =>
          apply(table()),
        );
        if (!cell.startsWith('refused')) {
          await works(run, where);
          continue;
        }
        const error: unknown = await run.then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        assert.ok(error instanceof ConcordError && error.code === 'invalid-option', where);
        assert.match(error.message, /cannot be combined with .*leave out/, where);
      }
    });
  }

  it('says what whole surfaces take', async () => {
    const study = mapStudy(folder.path('maps'), { vertices: [12, 9] });
    const scans = study.entries.map(({ id, site, files: { lh, rh } }, row) =>
      [id, site, `p${row % 12}`, 20 + ((row * 37) % 50), lh, rh].join(),
    );
    const list = folder.write('scans.csv', ['id,site,person,age,lh,rh', ...scans].join('\n'));
    for (const [row, ...cells] of rows) {
      const words = onTheCommandLine[row];
      if (words === undefined) continue;
      const run = await concord(
        'maps',
        'harmonize',
        list,
        '--files',
        'lh,rh',
        '--out',
        folder.path(row),
        ...words,
      );
      const expected = cells[head.indexOf(wholeSurfaces) - 1];
      assert.equal(run.status, expected === 'refused' ? 1 : 0, `${row}: ${run.err}`);
      if (expected === 'refused') assert.match(run.err, /is not done vertex by vertex/, row);
      else assert.equal(expected, 'yes', row);
    }
  });

  const withAll: Readonly<Record<string, CombatOptions>> = {
    interactions: { preserve: ['age*sex'] },
    'a reference': { reference: 'B' },
    'mean only': { meanOnly: 'shrunk-by-size' },
    'non-parametric empirical Bayes': { eb: 'nonparametric' },
    'no empirical Bayes': { eb: 'none' },
    logarithms: { transform: 'log' },
  };
  const all: Readonly<Record<string, [Member, CombatOptions]>> = {
    ...Object.fromEntries(Object.entries(options).map(([name, one]) => [name, [combat, one]])),
    ...Object.fromEntries(Object.entries(members).map(([name, member]) => [name, [member, {}]])),
  };
  for (const [name, [member, one]] of Object.entries(all)) {
    it(`says what goes with all: ${name}`, async () => {
      for (const [what, other] of Object.entries(withAll)) {
        if (name === 'robust' && other.eb === 'nonparametric') {
          await assert.rejects(fitCombat(table(), own(one, other)), /invalid robust: .*choose/);
          continue;
        }
        const run = member(table(), own(one, other)).then((apply) => apply(table()));
        await works(run, `${name} with ${what}`);
      }
      const gaps = table((value, row, feature) => (row % 9 === feature ? NaN : value));
      const apply = await member(gaps, own(one, {}));
      const after = await apply(gaps);
      gaps.features.values.forEach((value, at) =>
        assert.equal(Number.isNaN(after.features.values[at]), Number.isNaN(value), `${name}, a missing cell`),
      );
      for (const unseen of ['covariates', 'estimate', 'own-priors', 'creb'] as const) {
        await works(apply(newSite(table()), { unseen }), `${name} with ${unseen}`);
      }
    });
  }
});
