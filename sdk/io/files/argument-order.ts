import { invalidArgument, wordFor } from '../../data/require-cohort';
import { ConcordError } from '../../errors';

/**
 * Checks the arguments of what reads: `load…(path)`, `read…(path)`, `open…(path)`. JavaScript callers have no compiler
 * to check them.
 *
 * @param verb - the name of the function
 * @throws ConcordError `invalid-option`.
 */
export function requirePath(verb: string, path: unknown): asserts path is string {
  if (typeof path === 'string') return;
  throw invalidArgument(verb, 'path', { given: path, allowed: 'a path as text is allowed' });
}

/**
 * Checks the first argument of what loads many files: a list of entries, each with the path of its file.
 *
 * @param verb - the name of the function
 * @param or - what is allowed besides, a path for one
 * @throws ConcordError `invalid-option`.
 */
export function requireEntries(verb: string, entries: unknown, or?: 'a path'): void {
  if (Array.isArray(entries) || (or !== undefined && typeof entries === 'string' && entries !== '')) return;
  const allowed = or === undefined ? 'a list of entries' : `a list of entries, or ${or},`;
  throw invalidArgument(verb, 'entries', { given: entries, allowed: `${allowed} is allowed` });
}

/**
 * Checks the arguments of what writes: `write…(value, path, options)`, `save…(value, path, options)`: what is written
 * comes first, awaited.
 *
 * @param verb - the name of the function
 * @throws ConcordError `invalid-option`.
 */
export function requireValueThenPath(verb: string, value: unknown, path: unknown): void {
  const order = `${verb} takes what is written first, then the path, then options`;
  if (typeof value !== 'object' || value === null) {
    throw new ConcordError('invalid-option', `invalid first argument: ${wordFor(value)} (${order})`);
  }
  if (value instanceof Promise) {
    throw new ConcordError(
      'invalid-option',
      'invalid first argument: a promise (await what is written first)',
    );
  }
  if (typeof path !== 'string' || path === '') {
    throw new ConcordError('invalid-option', `invalid path: ${wordFor(path)} (${order})`);
  }
}
