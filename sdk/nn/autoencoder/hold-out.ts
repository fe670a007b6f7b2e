import type { CohortSource } from '../../data/slice-source';
import type { SplitPeopleOptions } from '../train/split-people';
import { splitPeople } from '../train/split-people';

/** Images to learn from, and images of other people to judge by. */
export interface HeldOut {
  readonly training: CohortSource;
  /** The positions of the other people's images in the source. */
  readonly judged: { readonly source: CohortSource; readonly positions: readonly number[] };
  /** The participants held out. */
  readonly ids: readonly string[];
}

/**
 * Divides people, each with all scans, into those whose images a network learns from and those it is judged on.
 *
 * @throws ConcordError `invalid-option` unless the share lies between 0 and 1; `too-little-data` with one person only.
 */
export function holdOut(source: CohortSource, options: SplitPeopleOptions): HeldOut {
  const { subjects } = source;
  const chosen = splitPeople(subjects, options);
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
