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
  readonly why: (seen: Seen) => string;
  readonly remedy: Advice;
  /** Whether digital persons give no doubt by it: their scanners do it as no real one does, or their brains are too simple. */
  readonly ofRealOnes?: boolean;
  /** Whether 0 says that another order agrees as well: no matter of distance, so nothing is added to what scans reached. */
  readonly ofOrder?: boolean;
}

/** What helps where nothing else does. */
export const checkScan: Advice = [
  either('look at the scan', advise`leave it out with ${call('takeSubjects')}`),
];
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

/** What has few gray levels, as doubts about them end. */
const ofFewLevels = 'as labels have, or scans of few bits';

/** What is wrong with a scan of so few gray levels. */
export function fewLevels(levels: number): string {
  return `nearly all of its brain has ${levels} different intensities only, ${ofFewLevels}`;
}

/** Whether one of the doubts in a message is that a scan has few gray levels, by whichever sign it was noticed. */
export function saysFewLevels(message: string): boolean {
  return message.includes(ofFewLevels);
}

/** Gray levels as a sign of few: each bit less is 1 more. */
export function fewness(levels: number): number {
  return -Math.log2(levels);
}

/** Signs of the scan itself. */
const ofScan: readonly Sign[] = [
  {
    name: 'levels',
    of: ({ traits }) => fewness(traits.levels),
    why: ({ traits }) => fewLevels(traits.levels),
    remedy: checkScan,
  },
  {
    name: 'commonest',
    of: ({ traits }) => traits.commonest,
    why: ({ traits }) =>
      `${Math.round(100 * traits.commonest)} % of its brain has one and the same intensity`,
    remedy: otherMask,
  },
  {
    name: 'crowded',
    of: ({ traits }) => traits.crowded,
    why: () => `its brain has a few levels of intensity only, ${ofFewLevels}`,
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
    why: noise,
    remedy: checkScan,
  },
  {
    name: 'smooth',
    of: ({ traits }) => -traits.roughness,
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
    why: ({ compared }) =>
      `its outline is not that of a whole brain of that size (agreement ${figure(compared.look.outline)}, 1 is full)`,
    remedy: otherMask,
  },
  {
    name: 'content',
    of: ({ compared }) => -compared.look.content,
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
    ofOrder: true,
    of: ({ compared }) => compared.reversed,
    why: () => 'it is top to bottom, or its slices are out of order',
    remedy: turnedScan,
  },
  {
    name: 'turned',
    ofOrder: true,
    ofRealOnes: true,
    of: ({ compared }) => compared.turn.better,
    why: ({ compared }) => `it is ${compared.turn.name}, or its slices are out of order`,
    remedy: turnedScan,
  },
];

/** Signs of what its intensities grow with from place to place. */
const ofShading: readonly Sign[] = [
  {
    name: 'shaded',
    ofRealOnes: true,
    of: ({ compared }) => compared.shaded,
    why: () => 'it is brighter on one side than on the other, by more than persons are',
    remedy: advise`correct its shading with ${call('volumes.correctBias')}`,
  },
];

/** Signs of a curve over its intensities. */
const ofIntensities: readonly Sign[] = [
  {
    name: 'shape',
    of: ({ compared }) => compared.match.rest,
    why: curve,
    remedy: rawScan,
  },
  {
    name: 'brighter',
    of: ({ compared }) => compared.brighter,
    why: curve,
    remedy: rawScan,
  },
  {
    name: 'darker',
    of: ({ compared }) => compared.darker,
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
export const signs: readonly Sign[] = [...ofScan, ...ofLook, ...ofShading, ...ofIntensities];

/** Whether a scan is beyond the limits of a sign: those that were drawn, and those that training scans themselves reached. */
export function extentOf(name: SignName, value: number, reach: LearnedReach): 'no' | 'doubtful' | 'unlike' {
  const limit = limits[name];
  const reached = reach.signs?.[name] ?? -Infinity;
  // What training scans do is no reason for doubt, and as much more as between doubt and refusal none to refuse.
  if (value > Math.max(limit.refuse, reached + limit.refuse - limit.doubt)) return 'unlike';
  return value > Math.max(limit.doubt, reached) ? 'doubtful' : 'no';
}
