import { kindsOf } from './compare-scan';
import type { LearnedExtent, LearnedInput, LearnedLook } from './learned-input';
import type { SlicePattern } from './slice-pattern';
import { brainIn } from './slice-pattern';

/** The slices of a scan that are unlike all that a network learned from, while the scan is like its scans. */
export interface BeyondLearned {
  /** Where the slices that were learned from are in this scan, in mm. */
  readonly from: number;
  readonly to: number;
  /** How many slices are beyond those. */
  readonly beyond: number;
  /**
   * The slices with so little brain that they are left as they are, by position, and how far: 1 where nothing of what a
   * network makes of them is taken.
   */
  readonly slight: ReadonlyMap<number, number>;
}

/**
 * The brain in a slice, as a share of that in the smallest slice learned from, from which nothing and all of what a
 * network makes of it is taken; between them the slice fades into it, so that no step is left in the scan.
 *
 * Measured on 4 digital persons at GE and Philips made to look like Siemens by `fixtures/murd-small`, against their
 * scans at Siemens. Error of what is made, and of the slice brought to the scale of Siemens, in percent of the range:
 * with 0.08 of the brain 105 and 11; with 0.31 44 and 16; with 0.35 18 and 12; with 0.43 12.0 and 12.4; with 0.54 17.5
 * and 17.6 at the top, 10 and 12 at the bottom; with 0.72 10 and 18; with 0.88, still beyond the learned slices, 6.5
 * and 18.
 */
const noBrain = 0.35;
const enoughBrain = 0.65;

/**
 * Finds slices that are beyond those learned from.
 *
 * @param shift - how far slices are above those with the same position in training, in mm
 */
export function beyondLearned(
  { looks }: Pick<LearnedInput, 'looks'>,
  patterns: readonly SlicePattern[],
  { suffix, shift }: { readonly suffix: string; readonly shift: number },
): BeyondLearned {
  const { from, to, around, brain: least } = spanOf(kindsOf(looks, suffix), shift);
  const beyond = patterns.filter(({ position }) => position < from - around || position > to + around);
  const slight = beyond.flatMap(({ position, cover }) => {
    const kept = (enoughBrain - brainIn(cover) / least) / (enoughBrain - noBrain);
    return kept > 0 ? [[position, Math.min(1, kept)] as const] : [];
  });
  return { from, to, beyond: beyond.length, slight: new Map(slight) };
}

/** Where what was learned from is in a scan, how much around that counts to it, and the least brain in it. */
function spanOf(looks: readonly LearnedLook[], shift: number): LearnedExtent & { readonly around: number } {
  const extents = looks.flatMap(({ extent }) => extent ?? []);
  if (extents.length === looks.length) {
    return {
      from: Math.min(...extents.map(({ from }) => from)) + shift,
      to: Math.max(...extents.map(({ to }) => to)) + shift,
      around: 0,
      brain: Math.min(...extents.map(({ brain }) => brain)),
    };
  }
  const slices = looks.flatMap((look) => look.slices);
  const places = [...new Set(slices.map(({ position }) => position))].sort((a, b) => a - b);
  const first = places[0];
  const last = places[places.length - 1];
  return {
    from: first + shift,
    to: last + shift,
    // Between two slices everything was learned from, and so much around the ends.
    around: places.length > 1 ? (last - first) / (places.length - 1) / 2 : 0.5,
    brain: Math.min(...slices.map(({ cover }) => brainIn(cover))),
  };
}
