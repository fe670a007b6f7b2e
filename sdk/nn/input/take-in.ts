import type { ImageCohort } from '../../data/cohort';
import { imageRanges } from '../../data/cohort';
import { isDigital } from '../../data/digital-persons';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { Volume } from '../../data/images/volume';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { ConcordError } from '../../errors';
import type { Advice } from '../../remedy';
import type { IntensityRange } from '../images/scan-intensity';
import type { BeyondLearned } from './beyond-learned';
import { beyondLearned } from './beyond-learned';
import { grayLevels } from './gray-levels';
import { isCutOff, judgeScan } from './judge-scan';
import type { LearnedInput } from './learned-input';
import { zeroByRecord } from './origin-of-images';
import { scanTraits } from './scan-traits';
import { slicesOfScan } from './scan-slices';
import { checkScan, extentOf, fewLevels, fewness, saysFewLevels } from './signs';

/** The scans of a cohort as a network takes them in. */
export interface TakenIn {
  /** The range of each scan that becomes −1 … 1. */
  readonly ranges: readonly IntensityRange[];
  /**
   * The images with too little brain for what the network learned, and the share of each that is to be left as it was.
   */
  readonly left: ReadonlyMap<number, number>;
  /** The participants whose intensities are brought to the scale of those that the network learned from. */
  readonly brought: ReadonlySet<number>;
  readonly issues: readonly Issue[];
}

/**
 * Takes the scans of a cohort in for a network: each is held against what it learned from. Where `refuse` is false, a
 * scan that is unlike that is taken in as it is, with an issue `unlike-training`.
 *
 * @param learned - what the network learned from; `undefined` where it does not say, which is noticed
 * @throws ConcordError `invalid-voxels` naming a scan that is unlike what the network learned from.
 */
export async function takeIn(
  learned: LearnedInput | undefined,
  { cohort, ranges }: { readonly cohort: ImageCohort; readonly ranges: readonly IntensityRange[] },
  { signal, refuse = true }: Pick<RunOptions, 'signal'> & { readonly refuse?: boolean },
): Promise<TakenIn> {
  if (learned === undefined) {
    const message =
      'the model does not say what it learned from: nobody knows whether these scans are like that';
    const issues = [makeIssue('unknown-training', message)];
    return { ranges, left: new Map(), brought: new Set(), issues };
  }
  const { participants, images, suffixes, provenance } = cohort;
  const issues = notReal(learned, cohort);
  const taken: IntensityRange[] = [];
  const left = new Map<number, number>();
  const changed = new Set<number>();
  const digital = isDigital(provenance);
  const zero = participants.ids.length === 1 ? zeroByRecord(provenance) : undefined;
  for (const [row, [from, to]] of imageRanges(cohort).entries()) {
    await breathe(signal);
    const id = participants.ids[row];
    const traits = scanTraits(slicesOfScan(images, from, to));
    if (traits === undefined) throw unlike(id, 'its mask is empty', { learned });
    const range = ranges[row];
    const verdict = judgeScan(learned, { traits, suffix: suffixes[row], range, zero, digital });
    if (verdict.kind === 'unlike') {
      const error = unlike(id, verdict.why, { learned, remedy: verdict.remedy });
      if (refuse) throw error;
      issues.push(makeIssue('unlike-training', error.problem, { subject: id }));
      taken.push(ranges[row]);
      continue;
    }
    taken.push(verdict.range);
    if (isCutOff(learned, traits)) issues.push(cutOff(id));
    if (verdict.doubts.length > 0) issues.push(doubtful(id, verdict.doubts, learned));
    if (verdict.kind === 'brought') {
      changed.add(row);
      issues.push(brought(id, verdict, learned));
    }
    const { shift } = verdict;
    const found = beyondLearned(learned, traits.patterns, { suffix: suffixes[row], shift });
    if (found.beyond > 0) issues.push(beyond(id, found, traits.patterns.length));
    for (let image = from; image < to; image++) {
      const kept = found.slight.get(images.slices[image].position);
      if (kept !== undefined) left.set(image, kept);
    }
  }
  return { ranges: taken, left, brought: changed, issues };
}

/**
 * Counts the gray levels of a scan before it is cut into slices of other pixels, which mixes them: what {@link takeIn} can no
 * longer see.
 *
 * @throws ConcordError `invalid-voxels` for a scan of so few that nothing made of it would mean anything.
 */
export function noticeFewLevels(
  learned: LearnedInput | undefined,
  { data, mask }: Pick<Volume, 'data' | 'mask'>,
  id: string,
): readonly Issue[] {
  if (learned === undefined) return [];
  const inside = data.filter((value, voxel) => (mask === undefined ? value !== 0 : mask[voxel] !== 0));
  // An empty mask is refused where it is needed.
  if (inside.length === 0) return [];
  const levels = grayLevels(inside);
  const extent = extentOf('levels', fewness(levels), learned.reach);
  if (extent === 'unlike') throw unlike(id, fewLevels(levels), { learned, remedy: checkScan });
  return extent === 'doubtful' ? [doubtful(id, [fewLevels(levels)], learned)] : [];
}

/**
 * What was noticed of the slices of a scan, and that it has few gray levels, once: slices whose pixels are the scan's own
 * may have said so already, among other doubts.
 *
 * @param few - what {@link noticeFewLevels} noticed
 */
export function withFewLevels(ofSlices: readonly Issue[], few: readonly Issue[]): readonly Issue[] {
  const said = ofSlices.some(({ code, message }) => code === 'unlike-training' && saysFewLevels(message));
  return said ? ofSlices : [...ofSlices, ...few];
}

/** Says in a few words what a network learned from: `720 digital people, no real ones`. */
export function learnedFrom({ people }: Pick<LearnedInput, 'people'>): string {
  const { digital, real } = people;
  const persons = (count: number, what: string): string => `${count.toLocaleString('en-US')} ${what}`;
  if (real === 0)
    return `${persons(digital, digital === 1 ? 'digital person' : 'digital persons')}, no real ones`;
  const measured = persons(real, real === 1 ? 'real person' : 'real persons');
  return digital === 0 ? measured : `${measured}, ${persons(digital, 'digital ones')}`;
}

function notReal(learned: LearnedInput, { provenance }: ImageCohort): Issue[] {
  if (learned.people.real > 0 || isDigital(provenance)) return [];
  const message = `the model learned from ${learnedFrom(learned)}: what it makes of scans of real persons was never seen by it`;
  return [makeIssue('no-real-people', message)];
}

function brought(
  id: string,
  { range, why }: { readonly range: IntensityRange; readonly why: string },
  learned: LearnedInput,
): Issue {
  const { low, high } = range;
  const figure = (value: number): string => Number(value.toPrecision(3)).toString();
  const own = learned.normalization.length === 0 ? 'raw' : learned.normalization.join(', ');
  const message =
    `the intensities of "${id}" are not those that the model learned from (${own}): ${why}; ` +
    `${figure(low)} was taken for no signal and ${figure(high)} for the brightest tissue`;
  return makeIssue('brought-to-training', message, { subject: id });
}

function beyond(id: string, { from, to, beyond: count, slight }: BeyondLearned, of: number): Issue {
  const place = (mm: number): string => mm.toFixed(0);
  const few =
    slight.size === 0
      ? ''
      : `; ${slight.size} of them, with less than two thirds as much brain as any of those, fade into what they were, on the scale of the result`;
  const message =
    `${count} of the ${of} slices of "${id}" are beyond those that the model learned from ` +
    `(${place(from)} to ${place(to)} mm in this scan): it never saw such${few}`;
  return makeIssue('beyond-training', message, { subject: id });
}

function doubtful(id: string, doubts: readonly string[], learned: LearnedInput): Issue {
  const message =
    `the scan "${id}" is farther from what the model learned from (${learnedFrom(learned)}) than scans that are ` +
    `known to be well, though not so far that it is refused: ${doubts.join('; ')}`;
  return makeIssue('unlike-training', message, { subject: id });
}

function cutOff(id: string): Issue {
  const message = `the brain of "${id}" ends in a plane: a part of it was cut off, or its mask is a box there`;
  return makeIssue('cut-brain', message, { subject: id });
}

function unlike(
  id: string,
  why: string,
  { learned, remedy }: { learned: LearnedInput; remedy?: Advice },
): ConcordError {
  const message = `the scan "${id}" is unlike what the model learned from (${learnedFrom(learned)}): ${why}`;
  return new ConcordError('invalid-voxels', message, { where: { subject: id }, remedy });
}
