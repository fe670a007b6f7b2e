import { isNames } from '../../data/json';
import { isRecord, requireGeometry, requirePart } from '../stored-parts';
import type {
  LearnedExtent,
  LearnedInput,
  LearnedKind,
  LearnedLook,
  LearnedPlace,
  LearnedReach,
} from './learned-input';
import { quantileLevels } from './scan-traits';
import { patternSide } from './slice-pattern';

/**
 * Checks what a stored model says it learned from; models of earlier versions do not.
 *
 * @throws ConcordError `malformed-model` naming the part.
 */
export function requireLearned(learned: LearnedInput | undefined): void {
  if (learned === undefined) return;
  requirePart(isRecord(learned) && isRecord(learned.people) && isRecord(learned.geometry), 'learned');
  const { people, scans, geometry, shape, masked, normalization, zero, background, kinds, looks, reach } =
    learned;
  requirePart([people.digital, people.real, scans].every(isCount), 'learned: people');
  requireGeometry(geometry, 'learned');
  requirePart(isNumbers(shape, 3) && typeof masked === 'boolean' && isNames(normalization), 'learned: shape');
  requirePart(['kept', 'free'].includes(zero) && Number.isFinite(background), 'learned: zero');
  requirePart(Array.isArray(kinds) && kinds.length > 0 && kinds.every(isKind), 'learned: kinds');
  requirePart(Array.isArray(looks) && looks.length > 0 && looks.every(isLook), 'learned: looks');
  requireReach(reach);
  const { reachOfParts = [] } = learned;
  requirePart(Array.isArray(reachOfParts), 'learned: reach of parts');
  for (const part of reachOfParts) {
    requirePart(isRecord(part) && isCount(part.slices), 'learned: reach of parts');
    requireReach(part.reach);
  }
}

function requireReach(reach: LearnedReach): void {
  requirePart(isRecord(reach), 'learned: reach');
  const { lowest, roughness, shape: distance, brighter, cut, signs = {} } = reach;
  requirePart(isNumbers(lowest, 2) && isNumbers(roughness, 2), 'learned: reach');
  requirePart([distance, brighter, cut].every(Number.isFinite), 'learned: reach');
  requirePart(isRecord(signs) && Object.values(signs).every(Number.isFinite), 'learned: reach');
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isNumbers(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length && value.every(Number.isFinite);
}

function isKind(value: LearnedKind): boolean {
  const { site, suffix, scans, range, quantiles, places = [] } = value ?? {};
  const texts = typeof site === 'string' && typeof suffix === 'string';
  const levels = quantileLevels.length;
  if (!texts || !isCount(scans) || !(range?.high > range?.low) || !isNumbers(quantiles, levels)) return false;
  if (!Array.isArray(places)) return false;
  const all: readonly LearnedPlace[] = places;
  return all.every((place, at) => isPlace(place, all[at - 1]));
}

/** Places follow each other upwards. */
function isPlace(value: LearnedPlace, before: LearnedPlace | undefined): boolean {
  const { position, quantiles } = value ?? {};
  const above = before === undefined || position > before.position;
  return Number.isFinite(position) && above && isNumbers(quantiles, quantileLevels.length);
}

function isLook(value: LearnedLook): boolean {
  const { suffix, slices, extent } = value ?? {};
  if (typeof suffix !== 'string' || !Array.isArray(slices) || slices.length === 0) return false;
  if (extent !== undefined && !isExtent(extent)) return false;
  return slices.every((slice: LearnedLook['slices'][number]) => {
    const { position, cover, values } = slice ?? {};
    return (
      Number.isFinite(position) && isNumbers(cover, patternSide ** 2) && isNumbers(values, patternSide ** 2)
    );
  });
}

function isExtent(value: LearnedExtent): boolean {
  if (!isRecord(value)) return false;
  const { from, to, brain } = value;
  return isNumbers([from, to, brain], 3) && from < to && brain >= 0;
}
