import type { ImageCohort } from '../data/cohort';
import { requireCall } from '../data/calls/require-call';
import { ImageEvaluation } from '../evaluate/images-audit/image-evaluation';
import { imageAuditSettings } from '../evaluate/images-audit/image-audit-options';
import type { JudgedRaw } from '../evaluate/images-audit/judged-raw';
import type { CompareMethodsOptions } from './compare-options';
import { evaluationOf } from './compare-scans';

/** Options of {@link judgeRaw}: those of the comparisons that are to follow. */
export type JudgeRawOptions = Omit<CompareMethodsOptions, 'alpha' | 'folds' | 'heldOut' | 'raw' | 'slices'>;

/**
 * Judges raw slices once, for many comparisons: `compareMethods(cohort, methods, { ...options, raw })` then judges the
 * methods only, and has the same figures. It is plain data, to be stored with `v8.serialize`, so that a study can be
 * made in many sittings; it is for these scans and options alone.
 *
 * @throws ConcordError as `compareMethods`.
 *
 * @example
 * ```ts
 * const raw = await audits.judgeRaw(slices, { target: 'HH' });
 * const one = await compareMethods(slices, { nyul }, { target: 'HH', raw });
 * const other = await compareMethods(slices, { murd }, { target: 'HH', raw });
 * ```
 */
export async function judgeRaw(cohort: ImageCohort, options: JudgeRawOptions = {}): Promise<JudgedRaw> {
  requireCall('audits.judgeRaw', { cohort, options });
  const evaluation = { ...evaluationOf(options), onProgress: options.onProgress };
  const settings = imageAuditSettings(cohort, { ...evaluation, heldOut: true });
  return new ImageEvaluation(cohort, settings, evaluation).judgeRaw();
}
