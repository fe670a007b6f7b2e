import type { CohortSource } from '../../data/slice-source';
import { ConcordError } from '../../errors';
import { makeRandom, permutation } from '../../math/random';

/** Images to learn from, and images of other people to judge by. */
export interface HeldOut {
  readonly training: CohortSource;
  /** The positions of the other people's images in the source. */
  readonly judged: { readonly source: CohortSource; readonly positions: readonly number[] };
  /** The participants held out. */
  readonly ids: readonly string[];
}

/** Options of {@link holdOut}. */
export interface HoldOutOptions {
  /** The share of people to hold out, at least one. */
  readonly share: number;
  readonly seed: number;
}

/**
 * Divides people, each with all scans, into those whose images a network learns from and those it is judged on.
 *
 * @throws ConcordError `invalid-option` unless the share lies between 0 and 1; `too-little-data` with one person only.
 */
export function holdOut(source: CohortSource, { share, seed }: HoldOutOptions): HeldOut {
  if (!(share > 0 && share < 1)) {
    throw new ConcordError('invalid-option', `invalid heldOut: ${share} (between 0 and 1)`);
  }
  const { subjects } = source;
  const people = [...new Set(subjects)];
  if (people.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `${people.length === 1 ? 'one person is' : 'no people are'} there (two at least: one to learn from, one to judge by)`,
    );
  }
  const count = Math.min(people.length - 1, Math.max(1, Math.round(people.length * share)));
  const order = permutation(people.length, makeRandom(seed));
  const chosen = new Set(Array.from(order.subarray(0, count), (at) => people[at]));
  const ids = source.participants.ids.filter((_, row) => chosen.has(subjects[row]));
  const apart = new Set(ids);
  const positions = source.slices.map((_, position) => position);
  const isJudged = (position: number): boolean => apart.has(source.slices[position].scan);
  const learnt = positions.filter((position) => !isJudged(position));
  return {
    training: takePositions(source, learnt),
    judged: { source, positions: positions.filter(isJudged) },
    ids,
  };
}

/** The source with only the images at `positions`. */
function takePositions(source: CohortSource, positions: readonly number[]): CohortSource {
  return {
    ...source,
    count: positions.length,
    slices: positions.map((position) => source.slices[position]),
    read: (wanted) => source.read(Array.from(wanted, (position) => positions[position])),
  };
}
