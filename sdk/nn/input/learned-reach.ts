import type { Comparison } from './compare-scan';
import { wholeStretch } from './compare-scan';
import type { LearnedInput, LearnedReach } from './learned-input';
import { roundedLeast, roundedMost } from './rounded';
import { slicesOfWhole } from './scan-parts';
import type { ScanTraits } from './scan-traits';
import type { SlicePattern } from './slice-pattern';
import { signs } from './signs';

/** A training scan, or some of its slices, compared with what is learned. */
export interface ReachingScan {
  readonly traits: ScanTraits;
  readonly compared: Comparison;
}

/** How far scans reach in what images are judged by. */
export function learnReach(scans: readonly ReachingScan[]): LearnedReach {
  const most = (of: (scan: ReachingScan) => number): number => roundedMost(scans.map(of));
  const both = (of: (scan: ReachingScan) => number): readonly [number, number] => {
    const values = scans.map(of);
    return [roundedLeast(values), roundedMost(values)];
  };
  return {
    shape: most(({ compared }) => compared.match.rest),
    brighter: most(({ compared }) => compared.brighter),
    lowest: both(({ compared }) => compared.lowest),
    roughness: both(({ traits }) => traits.roughness),
    cut: most(({ traits }) => traits.cut),
    signs: signsOf(scans),
  };
}

/** Not every training scan is described: others may be somewhat farther, by the rule that limits are drawn by. */
function signsOf(seen: readonly ReachingScan[]): LearnedReach['signs'] {
  const reached: Record<string, number> = {};
  for (const { name, of, ofOrder = false } of signs) {
    const values = seen
      .map(of)
      .filter((value) => !Number.isNaN(value))
      .sort((a, b) => a - b);
    if (values.length === 0) continue;
    const farthest = values[values.length - 1];
    const beyond = ofOrder ? 0 : Math.max(0.01, (farthest - values[values.length >> 1]) / 10);
    reached[name] = roundedMost([farthest + beyond]);
  }
  return reached;
}

/**
 * How far training scans reach that are like a scan in this: all of their slices, or, where the scan has few, or those of a
 * part of the brain only, as few of theirs too.
 */
export function reachFor(
  { reach, reachOfParts, looks }: Pick<LearnedInput, 'reach' | 'reachOfParts' | 'looks'>,
  patterns: readonly SlicePattern[],
): LearnedReach {
  if (reachOfParts === undefined) return reach;
  const learned = looks.flatMap(({ slices }) => slices.map(({ position }) => position));
  const given = patterns.map(({ position }) => position);
  const stretch = (positions: readonly number[]): number => Math.max(...positions) - Math.min(...positions);
  if (given.length >= slicesOfWhole && stretch(given) >= wholeStretch * stretch(learned)) return reach;
  return reachOfParts.reduce((best, part) => (given.length >= part.slices ? part : best)).reach;
}
