import type { ImageCohort } from '../../data/cohort';
import { requireOneSuffix } from '../../data/cohort';
import { imageSource } from '../../data/images/memory-source';
import type { RunOptions } from '../../data/run-options';
import { requireFiniteImages } from '../../data/images/slice-source';
import type { SplitPlan } from '../splits/split-plan';
import { alignImages } from './align-images';
import type { ImageAudit, ImageStateAudit } from './image-audit';
import type { EvaluateImagesOptions } from './image-audit-options';
import { imageAuditSettings } from './image-audit-options';
import { ImageEvaluation } from './image-evaluation';

/** Makes the images of a simple method from raw ones. */
export type SimpleImageMethod = (raw: ImageCohort, run: RunOptions) => Promise<ImageCohort>;

/**
 * Compares slices before and after harmonization: site, biology, person, truth and distribution, beside simple methods.
 * All states are judged on the same persons, splits and masks.
 *
 * @param simple - methods to compare with, by name
 * @throws ConcordError as {@link imageAuditSettings} and {@link alignImages}; `aborted`.
 */
export async function evaluateImages(
  [raw, harmonized]: readonly [before: ImageCohort, after: ImageCohort],
  simple: ReadonlyMap<string, SimpleImageMethod>,
  options: EvaluateImagesOptions = {},
): Promise<ImageAudit> {
  const aligned = alignImages(raw, harmonized);
  const settings = imageAuditSettings(aligned.before, options);
  const work = new ImageEvaluation(aligned.before, settings, options);
  const states: (readonly [name: string, protocol: ImageStateAudit['protocol'], cohort: ImageCohort])[] = [
    ['raw', 'raw', work.take(aligned.before)],
    [settings.method, settings.heldOut ? 'held-out' : 'in-sample', work.take(aligned.after)],
  ];
  for (const [name, make] of simple) {
    const made = await make(work.raw, { signal: options.signal });
    states.push([name, undefined, work.masked(made)]);
    work.issues.push(...made.issues.slice(work.raw.issues.length));
  }
  return work.audit(states, [...aligned.before.issues, ...aligned.after.issues, ...aligned.issues]);
}

/**
 * Judges several states of the same slices in one pass, each by networks of its own on the same splits: in the rows of
 * the audit they are beside the raw ones, by their names.
 *
 * @param make - makes the states from the scans that take part, in their order and unmasked, given the splits
 * @throws ConcordError as {@link imageAuditSettings}; `aborted`.
 */
export async function evaluateImageStates(
  before: ImageCohort,
  make: (raw: ImageCohort, plan: SplitPlan) => Promise<ReadonlyMap<string, ImageCohort>>,
  options: EvaluateImagesOptions = {},
): Promise<ImageAudit> {
  requireOneSuffix('compareMethods', before);
  const { images } = before;
  requireFiniteImages(images.data, [...images.slices.keys()], imageSource(images));
  const settings = imageAuditSettings(before, { ...options, heldOut: true });
  const work = new ImageEvaluation(before, settings, options);
  const made = await make(work.chosen(before), work.plan);
  return work.audit(
    [
      ['raw', 'raw', work.raw],
      ...[...made].map(([name, cohort]) => [name, undefined, work.masked(cohort)] as const),
    ],
    before.issues,
  );
}
