import { isNames } from '../../data/json';
import { isRecord, requireGeometry, requirePart } from '../stored-parts';
import type { LearnedInput, LearnedKind, LearnedLook } from './learned-input';
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
  const { site, suffix, scans, range, quantiles } = value ?? {};
  const texts = typeof site === 'string' && typeof suffix === 'string';
  return texts && isCount(scans) && range?.high > range?.low && isNumbers(quantiles, quantileLevels.length);
}

function isLook(value: LearnedLook): boolean {
  const { suffix, slices } = value ?? {};
  if (typeof suffix !== 'string' || !Array.isArray(slices) || slices.length === 0) return false;
  return slices.every((slice: LearnedLook['slices'][number]) => {
    const { position, cover, values } = slice ?? {};
    return (
      Number.isFinite(position) && isNumbers(cover, patternSide ** 2) && isNumbers(values, patternSide ** 2)
    );
  });
}
