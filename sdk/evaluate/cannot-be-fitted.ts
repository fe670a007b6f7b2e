import { ConcordError } from '../errors';

/** What a harmonizer may meet in a part of a cohort though the whole cohort is fine. */
const CODES: readonly string[] = ['too-little-data', 'confounded', 'unknown-level', 'unknown-site'];

/**
 * Whether an error says that a harmonizer cannot be fitted to, or applied beside, the training part of a split:
 * a reason to go without a figure, where any other error is a failure.
 */
export function cannotBeFitted(error: unknown): error is ConcordError {
  return error instanceof ConcordError && CODES.includes(error.code);
}
