import assert from 'node:assert/strict';

/** Asserts that a value is plain JSON: it survives a round trip unchanged, so no NaN, undefined or typed array. */
export function assertPlainJson(value: unknown): void {
  assert.deepStrictEqual(JSON.parse(JSON.stringify(value)), value);
}
