import { isNames, isRecord, requireGeometry, requirePart } from '../stored-parts';
import type { LearntInput, LearntKind, LearntLook } from './learnt-input';
import { quantileLevels } from './scan-traits';
import { patternSide } from './slice-pattern';

/**
 * Checks what a stored model says it learnt from; models of earlier versions do not.
 *
 * @throws ConcordError `malformed-model` naming the part.
 */
export function requireLearnt(learnt: LearntInput | undefined): void {
  if (learnt === undefined) return;
  requirePart(isRecord(learnt) && isRecord(learnt.people) && isRecord(learnt.geometry), 'learnt');
  const { people, scans, geometry, shape, masked, normalization, zero, background, kinds, looks, reach } =
    learnt;
  requirePart([people.digital, people.real, scans].every(isCount), 'learnt: people');
  requireGeometry(geometry, 'learnt');
  requirePart(isNumbers(shape, 3) && typeof masked === 'boolean' && isNames(normalization), 'learnt: shape');
  requirePart(['kept', 'free'].includes(zero) && Number.isFinite(background), 'learnt: zero');
  requirePart(Array.isArray(kinds) && kinds.length > 0 && kinds.every(isKind), 'learnt: kinds');
  requirePart(Array.isArray(looks) && looks.length > 0 && looks.every(isLook), 'learnt: looks');
  requirePart(isRecord(reach), 'learnt: reach');
  const { lowest, roughness, ...others } = reach;
  requirePart(isNumbers(lowest, 2) && isNumbers(roughness, 2), 'learnt: reach');
  const { shape: distance, brighter, darker, commonest, cut, outline, content, turned, reversed } = others;
  const reached = [distance, brighter, darker, commonest, cut, outline, content, turned, reversed];
  requirePart(reached.every(Number.isFinite), 'learnt: reach');
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isNumbers(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length && value.every(Number.isFinite);
}

function isKind(value: LearntKind): boolean {
  const { site, suffix, scans, range, quantiles } = value ?? {};
  const texts = typeof site === 'string' && typeof suffix === 'string';
  return texts && isCount(scans) && range?.high > range?.low && isNumbers(quantiles, quantileLevels.length);
}

function isLook(value: LearntLook): boolean {
  const { suffix, slices } = value ?? {};
  if (typeof suffix !== 'string' || !Array.isArray(slices) || slices.length === 0) return false;
  return slices.every((slice: LearntLook['slices'][number]) => {
    const { position, cover, values } = slice ?? {};
    return (
      Number.isFinite(position) && isNumbers(cover, patternSide ** 2) && isNumbers(values, patternSide ** 2)
    );
  });
}
