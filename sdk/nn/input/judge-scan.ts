import type { Advice } from '../../remedy';
import { advise, call, either } from '../../remedy';
import type { IntensityRange } from '../images/scan-intensity';
import type { Comparison } from './compare-scan';
import { compareScan, kindsOf, nearestShape, shapeLevels } from './compare-scan';
import { matchQuantiles } from './affine-match';
import type { LearnedInput } from './learned-input';
import { quantileLevels } from './scan-traits';
import type { ScanTraits } from './scan-traits';

/** What a scan is to a network; `shift`: how far its slices are above those with the same position in training, in mm. */
export type Verdict =
  /** Like what it learned from. */
  | { readonly kind: 'fits'; readonly range: IntensityRange; readonly shift: number }
  /** So after its intensities were brought to the scale of those. */
  | { readonly kind: 'brought'; readonly range: IntensityRange; readonly why: string; readonly shift: number }
  /** Unlike it: nothing that is made of it would mean anything. */
  | { readonly kind: 'unlike'; readonly why: string; readonly remedy: Advice };

/**
 * Limits, where the training scans themselves did not reach farther. They are between what 219 real brains of three sites
 * and phantoms of ten scanners show and what the same scans show once they are spoilt: figures in `fixtures/guard.md`.
 */
const limits = {
  /**
   * Phantoms and raw brains up to 0.16, brains after N4 up to 0.26; what is spoilt overlaps: gamma 3 from 0.23 to 0.42.
   */
  shape: 0.3,
  /** Raw brains 0, phantoms of other scanners up to 0.04, brains after N4 up to 0.054; gamma 0.3 from 0.077. */
  brighter: 0.07,
  /** Real brains up to 0.195; gamma 2 from 0.25, gamma 3 from 0.45. */
  darker: 0.22,
  /**
   * Both at once, where there are many kinds to be near to: a bias field from 1 to 6 has a skew of 0.073 to 0.174 and
   * is darker by 0.177 to 0.33; of 322 good ones none has a skew above 0.058 (DDAE: at most that of the most skewed
   * kind and 0.085).
   */
  skewed: { skew: 0.066, overKinds: 0.09, darker: 0.14 },
  /** Raw brains up to 0.01 to 0.05, phantoms up to 0.24. */
  lowest: 0.3,
  /** Phantoms up to 0.31, real brains up to 0.15; noise from 0.75. */
  roughness: 0.5,
  /** Real brains from 0.72; half of one up to 0.58. */
  outline: 0.62,
  /** Real brains from 0.54, phantoms from 0.42; inverted, noise, half and T2w up to 0.36. */
  content: 0.38,
  /** 8-bit scans up to 0.03; half empty 0.5. */
  commonest: 0.15,
  distinct: 24,
  /**
   * Curves that brighten show in both, whatever scale and offset. Of the good, 218 raw brains, 24 after N4 and 11 by
   * Nyúl, or with lesions, or each slice normalized, have a foot of 0.04 to 0.23; those of 80 phantoms with one from
   * 0.3 (to 0.40) leave at most 0.066. Of 12 brains by gamma 0.3, 0.2 and log, the foot is 0.36 to 0.75 and what is
   * left 0.13 to 0.42.
   */
  foot: 0.3,
  whole: 0.1,
  /** 278 good ones are 0.083 to 0.40 from what is spread evenly; 11 equalized up to 0.032. */
  uneven: 0.05,
  /** Whole brains up to 0.12, five slices of phantoms up to 0.24; a tenth of the front cut off from 0.30. */
  cut: 0.28,
  /** Raw scans are within a factor of 10 of each other in scale. */
  scale: 20,
};

/** Judges a scan by what a network learned from. */
export function judgeScan(
  learned: LearnedInput,
  scan: {
    readonly traits: ScanTraits;
    readonly suffix: string;
    /** What becomes −1 and 1, as for training. */
    readonly range: IntensityRange;
    /** The intensity of no signal before the scan was normalized, where its record says it. */
    readonly zero?: number;
  },
): Verdict {
  const { traits, suffix } = scan;
  const broken = brokenScan(learned, traits);
  if (broken !== undefined) return broken;
  const range = learned.zero === 'free' ? freeRange(traits) : scan.range;
  const asIs = compareScan(learned, { traits, suffix, range });
  const { shift } = asIs.look;
  const strange = unlikeLook(learned, asIs);
  if (strange !== undefined) return strange;
  if (learned.zero === 'free') {
    const unlike = unlikeIntensities(learned, asIs);
    if (unlike !== undefined) return unlike;
    return scan.range.low < 0
      ? { kind: 'fits', range, shift }
      : { kind: 'brought', range, why: 'they are not normalized as those were', shift };
  }
  const shifted = isShifted(learned, { range, asIs, zero: scan.zero });
  const why =
    shifted ?? (asIs.brighter > limitOf(learned, 'brighter') ? 'they do not begin at 0' : undefined);
  if (why === undefined) {
    const unlike = unlikeIntensities(learned, asIs);
    if (unlike !== undefined) return unlike;
    return isOtherScale(learned, { range, suffix })
      ? { kind: 'brought', range, why: 'they are on another scale', shift }
      : { kind: 'fits', range, shift };
  }
  const zero = scan.zero ?? findZero(learned, traits, suffix);
  const brought = { low: zero, high: highOf(traits) };
  return (
    unlikeIntensities(learned, compareScan(learned, { traits, suffix, range: brought })) ?? {
      kind: 'brought',
      range: brought,
      why,
      shift,
    }
  );
}

/** Whether intensities are of an order of magnitude that no training scan is near. */
function isOtherScale(
  { kinds }: LearnedInput,
  { range, suffix }: { readonly range: IntensityRange; readonly suffix: string },
): boolean {
  const spans = kindsOf(kinds, suffix).map((kind) => kind.range.high - kind.range.low);
  const span = range.high - range.low;
  return span < Math.min(...spans) / limits.scale || span > Math.max(...spans) * limits.scale;
}

/** Whether a brain is cut off more than those of the training were. */
export function isCutOff({ reach }: LearnedInput, { cut }: ScanTraits): boolean {
  return cut > Math.max(limits.cut, reach.cut + 0.05);
}

/**
 * The limit of a trait: farther than the training scans by half as much again, and never less than was found harmless.
 */
function limitOf({ reach }: LearnedInput, trait: 'shape' | 'brighter' | 'darker' | 'roughness'): number {
  const most = trait === 'roughness' ? reach.roughness[1] : reach[trait];
  return Math.max(limits[trait], 1.5 * most);
}

function isShifted(
  { reach }: LearnedInput,
  {
    range,
    asIs,
    zero,
  }: { readonly range: IntensityRange; readonly asIs: Comparison; readonly zero?: number },
): string | undefined {
  if (range.low < -0.02 * (range.high - range.low)) return 'they reach below 0';
  if (zero !== undefined && Math.abs(zero) > 0.02 * (range.high - zero)) return 'they were normalized';
  return asIs.lowest > Math.max(limits.lowest, 1.25 * reach.lowest[1]) ? 'they do not begin at 0' : undefined;
}

/**
 * Real brains have their lowest intensities so little above no signal, as a share of the range (median of 219: 0.009).
 */
const aboveZero = 0.01;

/**
 * The intensity of no signal in a scan that was shifted. Where shape and texture are those of the training scans it is
 * that of their background; else a little below the lowest intensities, since none can be negative.
 */
export function findZero(learned: LearnedInput, traits: ScanTraits, suffix: string): number {
  const [lowest] = traits.quantiles;
  const { match } = nearestShape(kindsOf(learned.kinds, suffix), traits.quantiles);
  const [smooth, rough] = learned.reach.roughness;
  const familiar =
    match.rest <= Math.max(0.03, 1.5 * learned.reach.shape) &&
    traits.roughness >= 0.85 * smooth &&
    traits.roughness <= 1.15 * rough;
  const fitted = (-1 - match.offset) / match.gain;
  if (familiar && match.gain > 0) return Math.min(lowest, fitted);
  return lowest - aboveZero * (highOf(traits) - lowest);
}

function highOf({ quantiles }: ScanTraits): number {
  return quantiles[quantileLevels.length - 1];
}

function freeRange(traits: ScanTraits): IntensityRange {
  return { low: traits.quantiles[0], high: highOf(traits) };
}

const checkScan: Advice = [either('look at the scan', advise`leave it out with ${call('takeSubjects')}`)];
const rawScan: Advice = [
  'give the scan as it was acquired, without a curve (gamma, equalization) over its intensities',
];
const otherMask: Advice = [
  either(
    advise`make a brain mask with ${call('volumes.brainMask')}`,
    advise`supply yours with ${call('volumes.withMask')}`,
    advise`leave the scan out with ${call('takeSubjects')}`,
  ),
];

function brokenScan(learned: LearnedInput, traits: ScanTraits): Verdict | undefined {
  const { reach } = learned;
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  if (traits.distinct < limits.distinct) {
    return unlike(
      `it has ${traits.distinct} different intensities only, as labels and masks have`,
      checkScan,
    );
  }
  if (traits.commonest > Math.max(limits.commonest, reach.commonest + 0.1)) {
    return unlike(`${percent(traits.commonest)} of its brain has one and the same intensity`, otherMask);
  }
  const shape = shapeLevels(traits.quantiles);
  if (matchQuantiles(shapeLevels(quantileLevels), shape).rest < limits.uneven) {
    return unlike('all intensities are equally frequent: its histogram was equalized', rawScan);
  }
  if (traits.roughness > limitOf(learned, 'roughness')) {
    return unlike('neighboring pixels have little to do with each other: it is mostly noise', checkScan);
  }
  return undefined;
}

function unlikeLook(learned: LearnedInput, { look, turn, reversed }: Comparison): Verdict | undefined {
  const { reach } = learned;
  const figure = (value: number): string => value.toFixed(2);
  if (look.outline < Math.min(limits.outline, reach.outline - 0.1)) {
    const why = `its outline is not that of a whole brain of that size (agreement ${figure(look.outline)}, 1 is full)`;
    return unlike(why, otherMask);
  }
  if (look.content < Math.min(limits.content, reach.content - 0.1)) {
    const why = `bright and dark are at other places than in those: another contrast, inverted, turned, or no brain (correlation ${figure(look.content)})`;
    return unlike(why, checkScan);
  }
  const order = reach.reversed < 0 && reversed > 0;
  if (order || (reach.turned < 0 && turn.better > 0)) {
    const why = `it is ${order ? 'top to bottom' : turn.name}, or its slices are out of order`;
    return unlike(why, ['correct its orientation in the header']);
  }
  return undefined;
}

function unlikeIntensities(
  learned: LearnedInput,
  { match, brighter, darker, foot, whole, skew, mostSkew }: Comparison,
): Verdict | undefined {
  const curved = foot > limits.foot && whole > Math.max(limits.whole, 1.5 * learned.reach.shape);
  const { skewed } = limits;
  const tilted = darker > skewed.darker && skew > Math.max(skewed.skew, mostSkew + skewed.overKinds);
  const far =
    curved ||
    tilted ||
    match.rest > limitOf(learned, 'shape') ||
    brighter > limitOf(learned, 'brighter') ||
    darker > limitOf(learned, 'darker');
  if (!far) return undefined;
  const why = 'dark, middle and bright intensities are to each other as in none of those, whatever the scale';
  return unlike(why, rawScan);
}

function unlike(why: string, remedy: Advice): Verdict {
  return { kind: 'unlike', why, remedy };
}
