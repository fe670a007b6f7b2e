import type { Participants } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import { makeRandom, permutation } from '../../math/random';
import { advise, call } from '../../remedy';

/** What is divided: images, and whose they are. */
export interface ImagesOfPersons {
  readonly participants: Pick<Participants, 'ids'>;
  /** The person of each participant's scan. */
  readonly subjects: readonly string[];
  /** The participant's row of each image. */
  readonly rows: Int32Array;
}

/** Options of {@link holdOut}. */
export interface HoldOutOptions {
  /** The share of persons to hold out; one is held out at least, and one is left. */
  readonly share: number;
  readonly seed: number;
}

/** Images to learn from, and images of other persons to validate on, by their positions. */
export interface HeldOut {
  /** The ids of the participants held out. */
  readonly ids: readonly string[];
  readonly learned: readonly number[];
  readonly validated: readonly number[];
}

/**
 * Divides persons, each with all scans, into those whose images a network learns from and those it is validated on.
 *
 * @throws ConcordError `invalid-option` unless the share is between 0 and 1; `too-little-data` with one person only.
 */
export function holdOut({ participants, subjects, rows }: ImagesOfPersons, options: HoldOutOptions): HeldOut {
  const chosen = choosePersons(subjects, options);
  const positions = Array.from(rows.keys());
  const isHeldOut = (position: number): boolean => chosen.has(subjects[rows[position]]);
  return {
    ids: participants.ids.filter((_, row) => chosen.has(subjects[row])),
    learned: positions.filter((position) => !isHeldOut(position)),
    validated: positions.filter(isHeldOut),
  };
}

function choosePersons(subjects: readonly string[], { share, seed }: HoldOutOptions): ReadonlySet<string> {
  if (!(share > 0 && share < 1)) {
    throw new ConcordError('invalid-option', `invalid heldOut: ${share} (between 0 and 1)`);
  }
  const persons = [...new Set(subjects)];
  if (persons.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `there ${persons.length === 1 ? 'is one person only' : 'are no persons'} (at least two are needed: one to learn from, one to validate on)`,
    );
  }
  const count = Math.min(persons.length - 1, Math.max(1, Math.round(persons.length * share)));
  const order = permutation(persons.length, makeRandom(seed));
  return new Set(Array.from(order.subarray(0, count), (at) => persons[at]));
}

/** The error for a site of which nobody is left to learn from. */
export function allHeldOut(site: string): ConcordError {
  return new ConcordError('too-little-data', `all persons of site "${site}" are held out for validation`, {
    where: { site },
    remedy: advise`add persons there, or leave the site out with ${call('takeSubjects')}`,
  });
}
