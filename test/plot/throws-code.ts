import assert from 'node:assert/strict';
import type { ErrorCode } from '../../sdk/errors';
import { ConcordError } from '../../sdk/errors';

/** Asserts that `work` throws a ConcordError of that code whose message matches. */
export function throwsCode(code: ErrorCode, message: RegExp, work: () => unknown): void {
  assert.throws(work, (error) => {
    assert.ok(error instanceof ConcordError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}
