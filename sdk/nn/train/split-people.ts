import { ConcordError } from '../../errors';
import { makeRandom, permutation } from '../../math/random';

/** Options of {@link splitPeople}. */
export interface SplitPeopleOptions {
  /** The share of people to hold out, at least one. */
  readonly share: number;
  readonly seed: number;
}

/**
 * Chooses the people to hold out, each with all scans.
 *
 * @param subjects - the person of each participant's scan
 * @returns the people held out
 * @throws ConcordError `invalid-option` unless the share lies between 0 and 1; `too-little-data` with one person only.
 */
export function splitPeople(
  subjects: readonly string[],
  { share, seed }: SplitPeopleOptions,
): ReadonlySet<string> {
  if (!(share > 0 && share < 1)) {
    throw new ConcordError('invalid-option', `invalid heldOut: ${share} (between 0 and 1)`);
  }
  const people = [...new Set(subjects)];
  if (people.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `${people.length === 1 ? 'one person is' : 'no people are'} there (two at least: one to learn from, one to judge by)`,
    );
  }
  const count = Math.min(people.length - 1, Math.max(1, Math.round(people.length * share)));
  const order = permutation(people.length, makeRandom(seed));
  return new Set(Array.from(order.subarray(0, count), (at) => people[at]));
}
