import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatModel } from '../../sdk/combat/combat-model';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import { applyCovbat } from '../../sdk/combat/covbat/apply-covbat';
import { fitCovbat } from '../../sdk/combat/covbat/fit-covbat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, takeSubjects } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';
import { loadModel, saveModel } from '../../sdk/methods/save-model';
import type { FixtureRows } from '../support/combat-fixture';
import { assertCloseToRows, readCombatFixture } from '../support/combat-fixture';
import { temporaryFolder } from '../support/temporary-folder';

// fixtures/combat/scale.json is made by scale.py: designs coded by patsy 1.0.3 (as R's model.matrix codes them), dense matrices and
// the root finder of SciPy 1.17.1, which share nothing with sdk/combat. One standard deviation is about 0.3.

interface ScaleFile {
  readonly features: string[];
  readonly subjects: string[];
  readonly sites: string[];
  readonly age: number[];
  readonly time: number[];
  readonly sex: string[];
  readonly dx: string[];
  readonly values: FixtureRows;
  readonly valuesWithMissing: FixtureRows;
  readonly cases: Readonly<Record<string, FixtureRows>>;
}

const file = readCombatFixture<ScaleFile>('scale.json');

function cohortOf(rows: FixtureRows): FeatureCohort {
  const people = makeParticipants(file.subjects, file.sites, [
    continuous('age', file.age, 'years'),
    continuous('time', file.time, 'years'),
    categorical('sex', file.sex),
    categorical('dx', file.dx),
  ]);
  const values = Float64Array.from(rows.flat(), (value) => value ?? NaN);
  return makeFeatureCohort(people, makeFeatureMatrix(values, file.subjects, file.features));
}

const complete = cohortOf(file.values);
const holes = cohortOf(file.valuesWithMissing);

function check(harmonized: FeatureCohort, name: string, tolerance: number): void {
  assertCloseToRows(harmonized.features.values, file.cases[name], tolerance);
}

async function harmonized(cohort: FeatureCohort, options: CombatOptions): Promise<FeatureCohort> {
  return applyCombat(await fitCombat(cohort, options), cohort);
}

describe('interactions against patsy and NumPy', () => {
  const cases: Readonly<Record<string, CombatOptions>> = {
    slopes: { preserve: ['age*sex'] },
    slopesOnly: { preserve: ['age:sex'] },
    cells: { preserve: ['sex*dx'], reference: 'north' },
    cellsOnly: { preserve: ['sex:dx'] },
    amounts: { preserve: ['time:age'] },
    threeWay: { preserve: ['age*sex*dx'] },
  };
  for (const [name, options] of Object.entries(cases)) {
    it(name, async () => {
      check(await harmonized(complete, options), name, 1e-11);
    });
  }

  it('with missing cells, however the terms are listed', async () => {
    const results = await Promise.all(
      [
        ['age', 'dx*time'],
        ['dx:time', 'time', 'age', 'dx'],
        ['age', 'time*dx', 'dx', 'dx:time'],
      ].map((preserve) => harmonized(holes, { preserve })),
    );
    for (const result of results) check(result, 'missing', 1e-11);
  });

  it('names columns after their terms, those below an interaction added as R codes them', async () => {
    const columns = async (...preserve: readonly string[]): Promise<readonly string[]> =>
      (await fitCombat(complete, { preserve })).columns;
    assert.deepEqual(await columns('age*sex'), ['age', 'sex=M', 'age:sex=M']);
    assert.deepEqual(await columns('age:sex'), ['age', 'age:sex=M']);
    assert.deepEqual(await columns('time:age'), ['time:age']);
    assert.deepEqual(await columns('dx:sex'), [
      ...['dx=AD', 'dx=MCI', 'sex=M'],
      ...['dx=AD:sex=M', 'dx=MCI:sex=M'],
    ]);
  });

  it('takes the reference level of the main effect', async () => {
    const { columns } = await fitCombat(complete, { preserve: [{ name: 'sex', reference: 'M' }, 'age:sex'] });
    assert.deepEqual(columns, ['sex=F', 'age', 'age:sex=F']);
  });
});

describe('ComBatLS against an independent implementation', () => {
  const mean = { preserve: ['age', 'sex'] };
  const cases: Readonly<Record<string, [CombatOptions, FeatureCohort]>> = {
    scale: [{ ...mean, scaleCovariates: ['age', 'sex'] }, complete],
    scaleReference: [{ ...mean, scaleCovariates: ['age'], reference: 'north' }, complete],
    scaleMissing: [{ ...mean, scaleCovariates: ['age', 'sex'] }, holes],
    scaleInteraction: [{ ...mean, scaleCovariates: ['age*sex'] }, complete],
    scaleCurve: [{ preserve: ['sex'], smooth: ['age'], smoothing: 3, scaleCovariates: ['age'] }, complete],
  };
  for (const [name, [options, cohort]] of Object.entries(cases)) {
    it(name, async () => {
      check(await harmonized(cohort, options), name, 1e-10);
    });
  }

  it('CovBat on ComBatLS', async () => {
    const options = { ...mean, scaleCovariates: ['age', 'sex'] };
    check(await applyCovbat(await fitCovbat(complete, options), complete), 'scaleCovbat', 1e-10);
  });

  const some = file.sites.flatMap((site, row) => (site !== 'west' && row % 3 !== 0 ? [row] : []));
  const fitted = (): Promise<CombatModel> =>
    fitCombat(takeSubjects(complete, some), { preserve: ['age*sex'], scaleCovariates: ['age', 'sex'] });

  it('applied to other scans, and to a new site by priors of its own', async () => {
    check(await applyCombat(await fitted(), complete, { unseen: 'own-priors' }), 'scaleApplied', 1e-10);
  });

  it('preserves in the mean what σ depends on, whether or not it is listed', async () => {
    const listed = await fitCombat(complete, { preserve: ['sex', 'age'], scaleCovariates: ['age'] });
    const { provenance, ...added } = await fitCombat(complete, {
      preserve: ['sex'],
      scaleCovariates: ['age'],
    });
    assert.deepEqual({ ...listed, provenance }, { ...added, provenance });
    assert.deepEqual(added.columns, ['sex=M', 'age']);
    assert.deepEqual(provenance.at(-1)?.options['scaleCovariates'], ['age']);
  });

  const folder = temporaryFolder();

  it('is stored sealed, with the same bits, and one scan alone is harmonized as among all', async () => {
    const model = await fitted();
    await saveModel(model, folder.path('model.json'));
    const stored = await loadModel(folder.path('model.json'), 'combat');
    assert.deepEqual(stored, model);
    const all = await applyCombat(stored, takeSubjects(complete, some));
    const alone = await applyCombat(stored, takeSubjects(complete, [some[4]]));
    const width = file.features.length;
    assert.deepEqual(alone.features.values, all.features.values.slice(4 * width, 5 * width));
  });

  it('removes how sites widen scans, and keeps what age does to the spread', async () => {
    const unshrunk = { preserve: ['age', 'sex'], eb: 'none', scaleCovariates: ['age', 'sex'] } as const;
    const before = await fitCombat(complete, unshrunk);
    const after = await fitCombat(await applyCombat(before, complete), unshrunk);
    const most = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    assert.ok(most(before.deltaHat.map(Math.log)) > 0.3);
    assert.ok(most(after.deltaHat.map(Math.log)) < 0.07);
    const moved = after.scaleCoefficients.map((slope, at) => slope - before.scaleCoefficients[at]);
    assert.ok(most(moved.subarray(0, 5)) < 0.004, `${most(moved.subarray(0, 5))}`);
  });
});
