import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Rows of numbers as the fixtures of ComBat have them; `null` where a value is missing. */
export type FixtureRows = (number | null)[][];

/** Reads a file of fixtures/combat. */
export function readCombatFixture<T>(file: string): T {
  return JSON.parse(readFileSync(resolve(__dirname, '../../fixtures/combat', file), 'utf8')) as T;
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
