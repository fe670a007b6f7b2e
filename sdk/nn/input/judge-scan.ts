import type { Advice } from '../../remedy';
import type { IntensityRange } from '../images/scan-intensity';
import type { Comparison } from './compare-scan';
import { compareIntensities, compareScan, kindsOf } from './compare-scan';
import type { LearnedInput, LearnedReach } from './learned-input';
import { reachFor } from './learned-reach';
import { quantileLevels } from './scan-traits';
import type { ScanTraits } from './scan-traits';
import type { Seen, Sign } from './signs';
import { extentOf, signs } from './signs';

/** What a scan is to a network that takes it. */
export interface Taken {
  /** `fits`: like what the network learned from; `brought`: so after its intensities were brought to the scale of those. */
  readonly kind: 'fits' | 'brought';
  readonly range: IntensityRange;
  /** Why it was brought; empty where it fits. */
  readonly why: string;
  /** How far its slices are above those with the same position in training, in mm. */
  readonly shift: number;
  /** In what it is farther from those than any good scan was seen to be, though not so far that it is refused. */
  readonly doubts: readonly string[];
}

/** What a scan is to a network. */
export type Verdict =
  | Taken
  /** Unlike it: nothing that is made of it would mean anything. */
  | { readonly kind: 'unlike'; readonly why: string; readonly remedy: Advice };

/** Limits that hang on no draw. */
const fixed = {
  /** Raw brains up to 0.05, phantoms up to 0.24: what begins higher was shifted. */
  lowest: 0.3,
  /** The same for what is brought for its shape. */
  brighter: 0.07,
  /** Whole brains up to 0.12, five slices of phantoms up to 0.24; a tenth of the front cut off from 0.30. */
  cut: 0.28,
  /** Raw scans are within a factor of 10 of each other in scale. */
  scale: 20,
};

/** A scan to be judged. */
export interface GivenScan {
  readonly traits: ScanTraits;
  readonly suffix: string;
  /** What becomes −1 and 1, as for training. */
  readonly range: IntensityRange;
  /** The intensity of no signal before the scan was normalized, where its record says it. */
  readonly zero?: number;
  /** Whether the person is a digital one. @defaultValue not */
  readonly digital?: boolean;
}

/** What is seen of a scan by a network, on the scale that it is brought to. */
export interface SeenScan extends Seen {
  readonly range: IntensityRange;
  /** How far training scans reach that are like it in which slices it has. */
  readonly reach: LearnedReach;
  /** Why it is brought to another scale than its own; empty where it is not. */
  readonly why: string;
}

/** Compares a scan with what a network learned from, after its intensities were brought to the scale of that where needed. */
export function seeScan(description: LearnedInput, scan: GivenScan): SeenScan {
  const { traits, suffix } = scan;
  const reach = reachFor(description, traits.patterns);
  const learned = { ...description, reach };
  const own = learned.zero === 'free' ? freeRange(traits) : scan.range;
  const compared = compareScan(learned, { traits, suffix, range: own });
  const { range, why } = scaleOf(learned, { ...scan, own, compared });
  const seen = { traits, range, reach, why };
  if (range === own) return { ...seen, compared };
  // Another scale changes nothing of what slices look like.
  return { ...seen, compared: compareIntensities(learned, { traits, suffix, range, compared }) };
}

/** Judges a scan by what a network learned from. */
export function judgeScan(learned: LearnedInput, scan: GivenScan): Verdict {
  const seen = seeScan(learned, scan);
  const found = signs.map((sign) => ({ sign, ...judgedBy(sign, seen, learned) }));
  const worst = found.find(({ extent }) => extent === 'unlike');
  if (worst !== undefined) return { kind: 'unlike', why: worst.why, remedy: worst.sign.remedy };
  const doubtful = found.filter(
    ({ sign, extent }) => extent === 'doubtful' && !(sign.ofRealOnes && scan.digital),
  );
  const doubts = new Set(doubtful.map((one) => one.why));
  const { range, why } = seen;
  return {
    kind: why === '' ? 'fits' : 'brought',
    range,
    why,
    shift: seen.compared.place,
    doubts: [...doubts],
  };
}

function judgedBy(
  sign: Sign,
  seen: SeenScan,
  { people }: LearnedInput,
): { readonly extent: ReturnType<typeof extentOf>; readonly why: string } {
  const { reach } = seen;
  // Digital brains are so simple that some agree better turned, which excuses no real one.
  const excused = sign.ofOrder && people.real === 0 ? { ...reach, signs: {} } : reach;
  const extent = extentOf(sign.name, sign.of(seen), excused);
  return { extent, why: extent === 'no' ? '' : sign.why(seen) };
}

interface GivenScale extends GivenScan {
  /** What becomes −1 and 1 unless it is brought. */
  readonly own: IntensityRange;
  readonly compared: Comparison;
}

/** What of the intensities becomes −1 and 1, and why it is not what it would be for training scans. */
function scaleOf(
  learned: LearnedInput,
  { traits, suffix, range, zero, own, compared }: GivenScale,
): { readonly range: IntensityRange; readonly why: string } {
  if (learned.zero === 'free') {
    return { range: own, why: range.low < 0 ? '' : 'they are not normalized as those were' };
  }
  const bright = compared.brighter > Math.max(fixed.brighter, 1.5 * learned.reach.brighter);
  const why =
    isShifted(learned, { range: own, asIs: compared, zero }) ??
    (bright ? 'they do not begin at 0' : undefined);
  if (why !== undefined)
    return { range: { low: zero ?? findZero(learned, traits, compared), high: highOf(traits) }, why };
  return {
    range: own,
    why: isOtherScale(learned, { range: own, suffix }) ? 'they are on another scale' : '',
  };
}

/** Whether intensities are of an order of magnitude that no training scan is near. */
function isOtherScale(
  { kinds }: LearnedInput,
  { range, suffix }: { readonly range: IntensityRange; readonly suffix: string },
): boolean {
  const spans = kindsOf(kinds, suffix).map((kind) => kind.range.high - kind.range.low);
  const span = range.high - range.low;
  return span < Math.min(...spans) / fixed.scale || span > Math.max(...spans) * fixed.scale;
}

/** Whether a brain is cut off more than those of the training were. */
export function isCutOff(learned: LearnedInput, { cut, patterns }: ScanTraits): boolean {
  return cut > Math.max(fixed.cut, reachFor(learned, patterns).cut + 0.05);
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
  return asIs.lowest > Math.max(fixed.lowest, 1.25 * reach.lowest[1]) ? 'they do not begin at 0' : undefined;
}

/**
 * Real brains have their lowest intensities so little above no signal, as a share of the range (median of 219: 0.009).
 */
const aboveZero = 0.01;

/**
 * The intensity of no signal in a scan that was shifted. Where shape and texture are those of the training scans it is
 * that of their background; else a little below the lowest intensities, since none can be negative.
 */
function findZero({ reach }: LearnedInput, traits: ScanTraits, { match }: Comparison): number {
  const [lowest] = traits.quantiles;
  const [smooth, rough] = reach.roughness;
  const familiar =
    match.rest <= Math.max(0.03, 1.5 * reach.shape) &&
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
