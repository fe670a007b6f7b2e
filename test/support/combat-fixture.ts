import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';

/** Rows of numbers as the fixtures of ComBat have them; `null` where a value is missing. */
export type FixtureRows = (number | null)[][];

/** Reads a file of fixtures/combat. */
export function readCombatFixture<T>(file: string): T {
  return JSON.parse(readFileSync(resolve(__dirname, '../../fixtures/combat', file), 'utf8')) as T;
}

/** fixtures/combat/cohort.json as it is in the file. */
export interface CombatCohortFile {
  readonly subjects: string[];
  readonly features: string[];
  readonly sites: string[];
  readonly age: number[];
  readonly sex: string[];
  readonly values: FixtureRows;
  readonly valuesWithMissing: FixtureRows;
}

/** The cohort of fixtures/combat. */
export function fixtureCohort({ missingCells }: { readonly missingCells: boolean }): FeatureCohort {
  const file = readCombatFixture<CombatCohortFile>('cohort.json');
  const people = makeParticipants(file.subjects, file.sites, [
    continuous('age', file.age, 'years'),
    categorical('sex', file.sex),
  ]);
  const rows = missingCells ? file.valuesWithMissing : file.values;
  const values = Float64Array.from(rows.flat(), (value) => value ?? NaN);
  return makeFeatureCohort(people, makeFeatureMatrix(values, file.subjects, file.features));
}

/** Asserts that row-major values are within `tolerance` of the rows of a fixture, and missing where these are. */
export function assertCloseToRows(actual: Float64Array, expected: FixtureRows, tolerance: number): void {
  const flat = expected.flat();
  assert.equal(actual.length, flat.length);
  flat.forEach((value, i) => {
    if (value === null) assert.ok(Number.isNaN(actual[i]), `${i}: ${actual[i]} where none is expected`);
    else assert.ok(Math.abs(actual[i] - value) <= tolerance, `${i}: ${actual[i]} against ${value}`);
  });
}
