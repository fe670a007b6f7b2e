import type { Advice } from '../../remedy';
import { advise, call, either } from '../../remedy';
import type { Comparison } from './compare-scan';
import { shapeLevels } from './compare-scan';
import { matchQuantiles } from './affine-match';
import type { LearnedReach } from './learned-input';
import type { SignName } from './limits';
import { limits } from './limits';
import type { ScanTraits } from './scan-traits';
import { quantileLevels } from './scan-traits';

/** What a scan is judged by. */
export interface Seen {
  readonly traits: ScanTraits;
  readonly compared: Comparison;
}

/** One figure by which a scan is found unlike others. */
export interface Sign {
  readonly name: SignName;
  /** `NaN` where the scan cannot say. */
  readonly of: (seen: Seen) => number;
  /** The farthest that a training scan was, where that is part of what a network learned. */
  readonly reach?: (reach: LearnedReach) => number;
  readonly why: (seen: Seen) => string;
  readonly remedy: Advice;
}

const checkScan: Advice = [either('look at the scan', advise`leave it out with ${call('takeSubjects')}`)];
const rawScan: Advice = [
  'give the scan as it was acquired, without a curve (gamma, equalization) over its intensities',
];
const turnedScan: Advice = ['correct its orientation in the header'];
/** What helps where not the scan but what is taken for its brain is wrong. */
export const otherMask: Advice = [
  either(
    advise`make a brain mask with ${call('volumes.brainMask')}`,
    advise`supply yours with ${call('volumes.withMask')}`,
    advise`leave the scan out with ${call('takeSubjects')}`,
  ),
];

const curve = (): string =>
  'dark, middle and bright intensities are to each other as in none of those, whatever the scale';
const noise = (): string => 'neighboring pixels have little to do with each other: it is mostly noise';
const figure = (value: number): string => value.toFixed(2);

/** Signs of the scan itself. */
const ofScan: readonly Sign[] = [
  {
    name: 'commonest',
    of: ({ traits }) => traits.commonest,
    reach: ({ commonest }) => commonest,
    why: ({ traits }) =>
      `${Math.round(100 * traits.commonest)} % of its brain has one and the same intensity`,
    remedy: otherMask,
  },
  {
    name: 'crowded',
    of: ({ traits }) => traits.crowded,
    why: () => 'its brain has a few levels of intensity only, as labels have, or scans of few bits',
    remedy: checkScan,
  },
  {
    name: 'uneven',
    of: ({ traits }) => -matchQuantiles(shapeLevels(quantileLevels), shapeLevels(traits.quantiles)).rest,
    why: () => 'all intensities are equally frequent: its histogram was equalized',
    remedy: rawScan,
  },
  {
    name: 'rough',
    of: ({ traits }) => traits.roughness,
    reach: ({ roughness }) => roughness[1],
    why: noise,
    remedy: checkScan,
  },
  {
    name: 'smooth',
    of: ({ traits }) => -traits.roughness,
    reach: ({ roughness }) => -roughness[0],
    why: () => 'neighboring pixels are nearly the same: it was smoothed, or its detail is lost',
    remedy: ['give the scan as it was acquired, not smoothed'],
  },
  {
    name: 'flicker',
    of: ({ compared }) => compared.flicker,
    why: () => 'its intensities change from each slice to the next',
    remedy: checkScan,
  },
];

/** Signs of where its brain is bright and dark. */
const ofLook: readonly Sign[] = [
  {
    name: 'outline',
    of: ({ compared }) => -compared.look.outline,
    reach: ({ outline }) => -outline,
    why: ({ compared }) =>
      `its outline is not that of a whole brain of that size (agreement ${figure(compared.look.outline)}, 1 is full)`,
    remedy: otherMask,
  },
  {
    name: 'content',
    of: ({ compared }) => -compared.look.content,
    reach: ({ content }) => -content,
    why: ({ compared }) =>
      `bright and dark are at other places than in those: another contrast, inverted, turned, or no brain (correlation ${figure(compared.look.content)})`,
    remedy: checkScan,
  },
  {
    name: 'dip',
    of: ({ compared }) => compared.dip,
    why: () =>
      'its brain grows smaller and larger again from slice to slice: they are out of order, or wrapped around',
    remedy: turnedScan,
  },
  {
    name: 'reversed',
    of: ({ compared }) => compared.reversed,
    reach: ({ reversed }) => reversed,
    why: () => 'it is top to bottom, or its slices are out of order',
    remedy: turnedScan,
  },
  {
    name: 'turned',
    of: ({ compared }) => compared.turn.better,
    reach: ({ turned }) => turned,
    why: ({ compared }) => `it is ${compared.turn.name}, or its slices are out of order`,
    remedy: turnedScan,
  },
];

/** Signs of a curve over its intensities. */
const ofIntensities: readonly Sign[] = [
  {
    name: 'shape',
    of: ({ compared }) => compared.match.rest,
    reach: ({ shape }) => shape,
    why: curve,
    remedy: rawScan,
  },
  {
    name: 'brighter',
    of: ({ compared }) => compared.brighter,
    reach: ({ brighter }) => brighter,
    why: curve,
    remedy: rawScan,
  },
  {
    name: 'darker',
    of: ({ compared }) => compared.darker,
    reach: ({ darker }) => darker,
    why: curve,
    remedy: rawScan,
  },
  { name: 'skewed', of: ({ compared }) => compared.skewed, why: curve, remedy: rawScan },
  {
    name: 'bent',
    of: ({ compared }) => compared.foot + Math.max(0, compared.flattened),
    why: curve,
    remedy: rawScan,
  },
];

/** All signs, those first that say most plainly what is wrong. */
export const signs: readonly Sign[] = [...ofScan, ...ofLook, ...ofIntensities];

/** Whether a scan is beyond the limits of a sign: those that were drawn, and those that training scans themselves reached. */
export function extentOf(sign: Sign, seen: Seen, reach: LearnedReach): 'no' | 'doubtful' | 'unlike' {
  const limit = limits[sign.name];
  const value = sign.of(seen);
  const reached = sign.reach?.(reach) ?? -Infinity;
  // What training scans do is no reason for doubt, and as much more as between doubt and refusal none to refuse.
  if (value > Math.max(limit.refuse, reached + limit.refuse - limit.doubt)) return 'unlike';
  return value > Math.max(limit.doubt, reached) ? 'doubtful' : 'no';
}
