import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, takeSubjects } from '../../sdk/data/cohort';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeParticipants } from '../../sdk/data/people/participants';
import { sharedData } from '../support/shared-data';
import { skipWithout } from '../support/skipping';

// The outputs of neuroCombat for R (1.0.14) and Python (0.2.12) published with ComBatHarmonization, and the
// vectors that the tests of sva (R) print; see combat-oracles in the shared data's SOURCES.md.

/** Reads a published table: features × scans. A first line that is not numeric is a header. */
function readTable(path: string): number[][] {
  const rows = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((cell) => (cell === 'nan' ? NaN : Number(cell.replaceAll('"', '')))));
  return rows[0].every(Number.isNaN) ? rows.slice(1) : rows;
}

/** Features × scans turned into a cohort of scans × features. */
function cohortOf(
  table: number[][],
  batch: readonly string[],
  covariate: FeatureCohort['participants']['covariates'],
): FeatureCohort {
  const ids = batch.map((_, scan) => `scan${scan + 1}`);
  const values = new Float64Array(ids.length * table.length);
  table.forEach((row, feature) =>
    row.forEach((value, scan) => (values[scan * table.length + feature] = value)),
  );
  const names = table.map((_, feature) => `f${feature}`);
  return makeFeatureCohort(makeParticipants(ids, batch, covariate), makeFeatureMatrix(values, ids, names));
}

function largestDifference(cohort: FeatureCohort, expected: number[][]): number {
  const { values, features, subjects } = cohort.features;
  assert.equal(expected.length, features.length);
  assert.equal(expected[0].length, subjects.length);
  let largest = 0;
  expected.forEach((row, feature) =>
    row.forEach((value, scan) => {
      const difference = Math.abs(values[scan * features.length + feature] - value);
      largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
    }),
  );
  return largest;
}

function optionsOf(file: string): CombatOptions {
  return {
    eb: file.includes('noeb') ? 'none' : file.includes('nonparametric') ? 'nonparametric' : 'parametric',
    meanOnly: file.includes('meanonl'),
    ...(file.includes('batchref') ? { reference: '1' } : {}),
    preserve: file.includes('unadjusted') ? [] : ['pheno'],
  };
}

describe('ComBat against published outputs', () => {
  const folder = sharedData('combat-oracles/combatharmonization_testing');
  const batch = [...'1111122222'];
  const pheno = continuous('pheno', [1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);

  before(function () {
    if (folder === undefined) {
      skipWithout(this, 'real data');
    }
  });

  const files =
    folder === undefined
      ? []
      : readdirSync(folder).filter((file) => /^testdata_.*_(r|python|matlab)\.csv$/.test(file));

  it('covers all 32 combinations of options in R and in Python', () => {
    // A few outputs were published under two spellings of the same options.
    for (const language of ['r', 'python']) {
      const own = files.filter((file) => file.endsWith(`_${language}.csv`));
      assert.equal(
        new Set(
          own.map((file) => `${/_(non)?parametric/.exec(file)?.[0]} ${JSON.stringify(optionsOf(file))}`),
        ).size,
        32,
      );
    }
  });

  for (const file of files) {
    it(file, async () => {
      const cohort = cohortOf(readTable(join(folder ?? '', 'testdata.csv')), batch, [pheno]);
      const tolerance = file.endsWith('matlab.csv') ? { tolerance: 1e-3 } : {};
      const model = await fitCombat(cohort, { ...optionsOf(file), ...tolerance });
      const harmonized = await applyCombat(model, cohort);
      const difference = largestDifference(harmonized, readTable(join(folder ?? '', file)));
      assert.ok(difference < 1e-10, `largest difference ${difference}`);
    });
  }

  for (const language of ['python', 'r']) {
    it(`train and apply, ${language}`, async () => {
      const table = readTable(join(folder ?? '', 'testdata.csv'));
      const model = await fitCombat(cohortOf(table, batch, [pheno]), { preserve: ['pheno'] });
      // The published codes do not ask for the covariates of new scans: they put each at the mean of training, 0.5.
      const atMean = cohortOf(table, batch, [continuous('pheno', new Float64Array(10).fill(0.5))]);
      const harmonized = await applyCombat(model, takeSubjects(atMean, [0, 1, 5, 6]));
      const expected = readTable(join(folder ?? '', `training_test_scenario2_${language}.csv`));
      const difference = largestDifference(harmonized, expected);
      assert.ok(difference < 1e-10, `largest difference ${difference}`);
    });
  }
});

describe('ComBat against the printed vectors of sva', () => {
  const folder = sharedData('combat-oracles/sva_sim');
  before(function () {
    if (folder === undefined) {
      skipWithout(this, 'real data');
    }
  });

  /** What each vector was made with; `scans` picks the columns, `missing` the table with missing cells. */
  const cases: Record<string, CombatOptions & { scans?: number[]; missing?: boolean }> = {
    batch_only: {},
    batch_only_nonpar: { eb: 'nonparametric' },
    treat: { preserve: ['treat'] },
    treat_nonpar: { preserve: ['treat'], eb: 'nonparametric' },
    // sva divides by one fewer as soon as the table has a missing cell.
    treat_missing: { preserve: ['treat'], missing: true, varianceDivisor: 'n-1' },
    treat_meanonly: { preserve: ['treat'], meanOnly: true },
    treat_meanonly_nonpar: { preserve: ['treat'], meanOnly: true, eb: 'nonparametric' },
    // sva adjusts the mean only, at every site, when one site has one subject.
    single_sample_batch: {
      preserve: ['treat'],
      meanOnly: true,
      scans: [0, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
    },
  };

  for (const [name, { scans, missing = false, ...options }] of Object.entries(cases)) {
    it(name, async () => {
      const path = folder ?? '';
      const design = readFileSync(join(path, 'design.csv'), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','));
      const batch = design.map(([site]) => site);
      const treat = categorical(
        'treat',
        design.map(([, level]) => level),
      );
      const table = readTable(join(path, missing ? 'y_missing.csv' : 'y.csv'));
      const whole = cohortOf(table, batch, [treat]);
      const cohort = scans === undefined ? whole : takeSubjects(whole, scans);
      const harmonized = await applyCombat(await fitCombat(cohort, options), cohort);
      const expected = (
        JSON.parse(readFileSync(join(path, 'expected_gene1.json'), 'utf8')) as Record<
          string,
          (number | null)[]
        >
      )[name];
      assert.equal(expected.length, cohort.participants.ids.length);
      expected.forEach((value, scan) => {
        const ours = harmonized.features.values[scan * table.length];
        // sva prints seven decimals, six of the last vector: half a unit of the last one is what can be asked.
        const halfUnit = name === 'single_sample_batch' ? 0.5000001e-6 : 0.5000001e-7;
        if (value === null) assert.ok(Number.isNaN(ours));
        else assert.ok(Math.abs(ours - value) <= halfUnit, `scan ${scan}: ${ours} against ${value}`);
      });
    });
  }
});
