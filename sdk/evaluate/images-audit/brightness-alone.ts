import type { ImageCohort } from '../../data/cohort';
import { imageRanges, makeFeatureCohort } from '../../data/cohort';
import { makeFeatureMatrix } from '../../data/feature-matrix';
import type { RunOptions } from '../../data/run-options';
import type { TableAudit } from '../audit';
import type { SplitDesign } from '../splits/evaluate-splits';
import { evaluateSplits } from '../splits/evaluate-splits';
import { givenFeatures } from '../splits/fold-source';
import { intensityMoments } from './standardize';

/**
 * Predicts covariates within sites from nothing but the mean brightness of each scan (its logarithm, since gains
 * multiply), on the splits of the networks, by the ridge regression that audits of tables have. Scanners set their gain
 * by the head in the coil, so raw brightness can separate a small head from a large one, and so women from men: a
 * network on raw images makes use of that, which every normalization takes away.
 *
 * @throws ConcordError `aborted`.
 */
export async function brightnessAlone(
  raw: ImageCohort,
  design: SplitDesign,
  run: RunOptions,
): Promise<Pick<TableAudit, 'regressions' | 'classifications'>> {
  if (design.plan.siteNames.length < 2 || design.targets.length === 0) {
    return { regressions: [], classifications: [] };
  }
  const means = imageRanges(raw).map((range) => intensityMoments(raw.images, range).mean);
  const positive = means.every((mean) => mean > 0);
  const values = Float64Array.from(means, (mean) => (positive ? Math.log(mean) : mean));
  const { participants } = raw;
  const known = makeFeatureCohort(participants, makeFeatureMatrix(values, participants.ids, ['brightness']));
  const { regressions, classifications } = await evaluateSplits(design, givenFeatures(known, 'raw'), run);
  const within = ({ scheme }: { readonly scheme: string }): boolean => scheme === 'within-site';
  return { regressions: regressions.filter(within), classifications: classifications.filter(within) };
}
