import assert from 'node:assert/strict';
import type { ErrorCode, Where } from '../../sdk/errors';
import { ConcordError } from '../../sdk/errors';

/** What an error is expected to be. */
export interface Expected {
  readonly code: ErrorCode;
  /** Each of these must be in the message. */
  readonly says: readonly (string | RegExp)[];
  readonly where?: Where;
}

/** Asserts that a promise rejects with this error, its message within the house rules. */
export async function rejectsWith(work: Promise<unknown>, expected: Expected): Promise<void> {
  const error = await work.then(
    (value: unknown) =>
      assert.fail(`nothing was thrown, but ${JSON.stringify(value).slice(0, 200)} returned`),
    (thrown: unknown) => thrown,
  );
  checkError(error, expected);
}

/** Asserts that an error is the expected one. */
export function checkError(error: unknown, expected: Expected): void {
  assert.ok(error instanceof ConcordError, String(error));
  assert.equal(error.code, expected.code, error.message);
  for (const said of expected.says) {
    if (typeof said === 'string')
      assert.ok(error.message.includes(said), `"${said}" is not in: ${error.message}`);
    else assert.match(error.message, said);
  }
  assert.doesNotMatch(error.message, /\.$|\n/, 'one line without a full stop');
  for (const [key, value] of Object.entries(expected.where ?? {})) {
    assert.equal(error.where[key as keyof Where], value, key);
  }
}
