import type { Participants } from '../../data/people/participants';
import { kinOf, kinWords } from '../../data/people/families';
import { ConcordError } from '../../errors';
import { makeRandom, permutation } from '../../math/random';
import { advise, call } from '../../remedy';

/** What is divided: images, and whose they are. */
export interface ImagesOfPersons {
  readonly participants: Pick<Participants, 'ids' | 'sites' | 'families'>;
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
  /** Whether a network learns something of each site, so that each has to keep a person. @defaultValue true */
  readonly everySite?: boolean;
}

/** Images to learn from, and images of other persons to validate on, by their positions. */
export interface HeldOut {
  /** The ids of the participants held out. */
  readonly ids: readonly string[];
  readonly learned: readonly number[];
  readonly validated: readonly number[];
}

/**
 * Divides persons, each with all scans and, where families are known, with all relatives, into those whose images a network learns from and those it is validated on. Of each
 * site somebody is left to learn from, so where sites are small fewer persons are held out than the share asks for.
 *
 * @throws ConcordError `invalid-option` unless the share is between 0 and 1; `too-little-data` with one person only, or
 * where nobody can be held out because each is the only person of a site.
 */
export function holdOut(images: ImagesOfPersons, options: HoldOutOptions): HeldOut {
  const { participants, subjects, rows } = images;
  const kin = kinOf({ persons: subjects, families: participants.families });
  const [unit] = kinWords({ persons: subjects, families: participants.families });
  const chosen = chooseUnits({ ...images, subjects: kin }, options, unit);
  const positions = Array.from(rows.keys());
  const isHeldOut = (position: number): boolean => chosen.has(kin[rows[position]]);
  return {
    ids: participants.ids.filter((_, row) => chosen.has(kin[row])),
    learned: positions.filter((position) => !isHeldOut(position)),
    validated: positions.filter(isHeldOut),
  };
}

/** Chooses persons; of images whose subjects are families, families. */
function chooseUnits(
  images: ImagesOfPersons,
  { share, seed, everySite = true }: HoldOutOptions,
  unit: string,
): ReadonlySet<string> {
  if (!(share > 0 && share < 1)) {
    throw new ConcordError('invalid-option', `invalid heldOut: ${share} (between 0 and 1)`);
  }
  const persons = [...new Set(images.subjects)];
  if (persons.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `there ${persons.length === 1 ? `is one ${unit} only` : 'are no persons'} (at least two are needed: one to learn from, one to validate on)`,
    );
  }
  const count = Math.min(persons.length - 1, Math.max(1, Math.round(persons.length * share)));
  const order = Array.from(permutation(persons.length, makeRandom(seed)), (at) => persons[at]);
  const left = everySite ? personsOfSites(images) : [];
  const chosen = new Set<string>();
  for (const person of order) {
    if (chosen.size === count) break;
    const own = left.filter((site) => site.has(person));
    if (own.some(({ size }) => size === 1)) continue;
    for (const site of own) site.delete(person);
    chosen.add(person);
  }
  if (chosen.size > 0) return chosen;
  throw new ConcordError(
    'too-little-data',
    `each ${unit} is the only one of a site, so that none can be held out for validation`,
    { remedy: advise`add persons, or leave sites out with ${call('takeSubjects')}` },
  );
}

/** The persons of each site that have images. */
function personsOfSites({ participants, subjects, rows }: ImagesOfPersons): readonly Set<string>[] {
  const found = new Map<string, Set<string>>();
  for (const row of new Set(rows)) {
    const site = participants.sites[row];
    found.set(site, (found.get(site) ?? new Set()).add(subjects[row]));
  }
  return [...found.values()];
}
