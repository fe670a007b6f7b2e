import type { Issue } from '../data/issue';
import { ConcordError } from '../errors';

/**
 * Does work on what was read. Where it fails, the error has what was noticed while reading, since that often says why: that a covariate
 * is confounded with the sites because one of them writes sex as 1 and 2.
 */
export async function afterReading<Result>(
  { issues }: { readonly issues: readonly Issue[] },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ConcordError && error.code !== 'aborted' ? error.after(issues) : error;
  }
}
