import type { ErrorCode, Where } from '../../errors';
import { ConcordError } from '../../errors';
import type { Advice } from '../../remedy';

/** An error in parts, since a class does not survive being posted; its remedy stays data, to be worded where it is shown. */
export interface PostedError {
  readonly kind: 'error';
  /** None where the error is not one of ours. */
  readonly code?: ErrorCode;
  readonly problem: string;
  readonly remedy: Advice;
  readonly where: Where;
  /** Of an error that is not ours: where it was thrown. */
  readonly stack?: string;
}

/** Takes an error apart, for a thread to say. */
export function postedError(error: unknown): PostedError {
  if (error instanceof ConcordError) {
    const { code, problem, remedy, where } = error;
    return { kind: 'error', code, problem, remedy, where };
  }
  if (!(error instanceof Error)) return { kind: 'error', problem: String(error), remedy: [], where: {} };
  return { kind: 'error', problem: error.message, remedy: [], where: {}, stack: error.stack };
}
