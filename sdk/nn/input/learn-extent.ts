import type { CohortSource } from '../../data/images/slice-source';
import { positionsOfScans } from '../../data/images/slice-source';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { placeScan } from './compare-scan';
import type { LearnedExtent, LearnedLook } from './learned-input';
import { fine } from './match-slices';
import { roundedLeast, roundedMost } from './rounded';
import { scanSlices } from './scan-slices';
import type { SlicePattern } from './slice-pattern';
import { brainIn, slicePatterns } from './slice-pattern';
import { nearSlices } from './slice-profile';

/** The slices of a training scan, and how far they are above those with the same position in what is learned, in mm. */
export interface PlacedSlices {
  readonly patterns: readonly SlicePattern[];
  readonly place: number;
}

/** A scan whose outermost slice has less than this share of the brain in its largest goes to the end of the brain. */
const toTheEnd = 0.25;

/**
 * What slices look like, with what the slices of all scans of each contrast span.
 *
 * @param found - `placed`: the scans that were laid over the mean slices already, by their rows; all others are read
 */
export async function learnExtents(
  source: CohortSource,
  {
    looks,
    placed,
  }: { readonly looks: readonly LearnedLook[]; readonly placed: ReadonlyMap<number, PlacedSlices> },
  { signal }: RunOptions = {},
): Promise<readonly LearnedLook[]> {
  const { suffixes, slices, shape } = source;
  const scans = new Map<string, PlacedSlices[]>(looks.map(({ suffix }) => [suffix, []]));
  for (const [row, positions] of positionsOfScans(source).entries()) {
    let scan = placed.get(row);
    if (scan === undefined) {
      await breathe(signal);
      const its = positions.map((position) => slices[position]);
      const patterns = slicePatterns(scanSlices(await source.read(positions), { shape, slices: its }));
      // A scan without brain says nothing.
      if (patterns.length === 0) continue;
      scan = { patterns, place: placeScan({ looks }, patterns, suffixes[row]) };
    }
    scans.get(suffixes[row])?.push(scan);
  }
  return looks.map((look) => ({ ...look, extent: learnExtent(scans.get(look.suffix) ?? []) }));
}

/** What the slices of training scans span: the farthest of all, each at its place. */
export function learnExtent(scans: readonly PlacedSlices[]): LearnedExtent {
  const spans = scans.map(spanOf);
  return {
    from: roundedLeast(spans.map(({ from }) => from)),
    to: roundedMost(spans.map(({ to }) => to)),
    brain: roundedLeast(spans.map(({ brain }) => brain)),
  };
}

function spanOf({ patterns, place }: PlacedSlices): LearnedExtent {
  const slices = [...patterns].sort((a, b) => a.position - b.position);
  const brains = slices.map(({ cover }) => brainIn(cover));
  const [first, last] = [slices[0].position, slices[slices.length - 1].position];
  const apart = slices.length > 1 ? (last - first) / (slices.length - 1) : 1;
  const most = brains.reduce((a, b) => Math.max(a, b), 0);
  const around = (brain: number): number => {
    // Where the brain ends before the next slice all of it was learned from; a scan is placed to a step only.
    if (brain < toTheEnd * most) return apart + fine;
    // Half way to a slice that is missing, and to one that would show nearly the same.
    return Math.max(apart / 2, Math.min(apart, nearSlices));
  };
  return {
    from: first - around(brains[0]) - place,
    to: last + around(brains[brains.length - 1]) - place,
    brain: brains.reduce((a, b) => Math.min(a, b), Infinity),
  };
}
