import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, takeSubjects } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';
import { sharedData } from './shared-data';
import { skipWithout } from './skipping';

// Results of the real programs of the ComBat family (R and Python), with versions in the README of each folder.

/** A table of the oracles: its header, and its rows as texts. */
export interface OracleTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Reads a table. */
function readOracle(folder: string, file: string): OracleTable {
  const [header, ...rows] = readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return { header, rows };
}

/** The cohort that the oracles harmonized, and what they made of it. */
export interface FamilyOracles {
  readonly cohort: FeatureCohort;
  /** A table, by its path without `.csv`. */
  table(file: string): OracleTable;
  /** The largest difference of any feature from a harmonized table, in standard deviations of the feature. */
  differenceFrom(harmonized: FeatureCohort, file: string): number;
}

/** Scans of IXI. */
export function ixiOracles(): FamilyOracles {
  return oraclesOf(ixiCohort);
}

/** Simulated visits. */
export function visitOracles(): FamilyOracles {
  return oraclesOf(visitCohort);
}

/** Reads the cohort before the tests of the enclosing suite, which are skipped without the real data. */
function oraclesOf(read: (folder: string) => FeatureCohort): FamilyOracles {
  const folder = sharedData('family-oracles') ?? '';
  let cohort: FeatureCohort;
  let sds: readonly number[];
  before(function () {
    if (folder === '') skipWithout(this, 'real data');
    cohort = read(folder);
    sds = featureSds(cohort);
  });
  const table = (file: string): OracleTable => readOracle(folder, `${file}.csv`);
  return {
    get cohort() {
      return cohort;
    },
    table,
    differenceFrom: (harmonized, file) => largest(differences(harmonized, table(file), sds)),
  };
}

/** 120 scans of IXI at three sites, 62 thicknesses; `male` is 1 or 0, as the oracles had it. */
function ixiCohort(folder: string): FeatureCohort {
  const { header, rows } = readOracle(folder, 'inputs/ixi120x62.csv');
  const ids = rows.map(([id]) => id);
  const people = makeParticipants(
    ids,
    rows.map(([, site]) => site),
    [
      continuous(
        'age',
        rows.map((row) => Number(row[2])),
        'years',
      ),
      continuous(
        'male',
        rows.map((row) => Number(row[4])),
      ),
    ],
  );
  const values = Float64Array.from(rows.flatMap((row) => row.slice(5).map(Number)));
  return makeFeatureCohort(people, makeFeatureMatrix(values, ids, header.slice(5)));
}

/** 50 simulated persons of 3 visits at three scanners, 12 features; `dxTime` is the interaction of diagnosis and time. */
function visitCohort(folder: string): FeatureCohort {
  const { header, rows } = readOracle(folder, 'inputs/long1_50x3.csv');
  const ids = rows.map(([person, time]) => `${person}@${Number(time)}`);
  const column = (name: string): readonly number[] => rows.map((row) => Number(row[header.indexOf(name)]));
  const [time, dx] = [column('time'), column('dx')];
  const covariates = [
    ...['age0', 'male', 'dx', 'time'].map((name) => continuous(name, column(name))),
    continuous(
      'dxTime',
      time.map((value, row) => value * dx[row]),
    ),
  ];
  const sites = rows.map((row) => row[2]);
  const people = makeParticipants(ids, sites, covariates, { persons: rows.map(([person]) => person) });
  const values = Float64Array.from(rows.flatMap((row) => row.slice(6).map(Number)));
  return makeFeatureCohort(people, makeFeatureMatrix(values, ids, header.slice(6)));
}

/** The first features of a cohort. */
export function firstFeatures(cohort: FeatureCohort, count: number): FeatureCohort {
  const { values, features, subjects } = cohort.features;
  const kept = subjects.flatMap((_, row) =>
    Array.from(values.subarray(row * features.length, row * features.length + count)),
  );
  const matrix = makeFeatureMatrix(Float64Array.from(kept), subjects, features.slice(0, count));
  return makeFeatureCohort(cohort.participants, matrix);
}

/** The standard deviation of each feature: the unit in which differences are counted. */
function featureSds({ features: { values, features, subjects } }: FeatureCohort): readonly number[] {
  return features.map((_, w) => {
    const own = subjects.map((__, row) => values[row * features.length + w]);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    return Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length);
  });
}

/** The largest difference of each feature from an oracle, in standard deviations of the feature. */
function differences(
  harmonized: FeatureCohort,
  oracle: OracleTable,
  sds: readonly number[],
): ReadonlyMap<string, number> {
  const { values, features, subjects } = harmonized.features;
  assert.deepEqual(oracle.header.slice(1), features);
  assert.deepEqual(
    oracle.rows.map(([id]) => id),
    subjects,
  );
  return new Map(
    features.map((name, w) => {
      const own = oracle.rows.map((row, at) =>
        Math.abs(values[at * features.length + w] - Number(row[w + 1])),
      );
      return [name, own.reduce((most, value) => (value <= most ? most : value), 0) / sds[w]];
    }),
  );
}

/** The largest of all; `NaN` counts as the largest there is. */
function largest(found: ReadonlyMap<string, number>): number {
  return [...found.values()].reduce(
    (most, value) => (Number.isNaN(value) ? Infinity : Math.max(most, value)),
    0,
  );
}

/** Every number of one quantity of an oracle, by feature. */
export function quantity(oracle: OracleTable, name: string): Readonly<Record<string, number>> {
  const row = oracle.rows.find(([own]) => own === name);
  assert.ok(row !== undefined, name);
  const first = oracle.header[1] === 'batch' ? 2 : 1;
  return Object.fromEntries(
    oracle.header.slice(first).map((feature, i) => [feature, Number(row[first + i])]),
  );
}

/** Some rows, by their 0-based number. */
export function someRows(cohort: FeatureCohort, keep: (row: number, site: string) => boolean): FeatureCohort {
  const rows = cohort.participants.sites.flatMap((site, row) => (keep(row, site) ? [row] : []));
  return takeSubjects(cohort, rows);
}
