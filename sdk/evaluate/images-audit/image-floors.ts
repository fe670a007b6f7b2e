import type { FeatureCohort, ImageCohort } from '../../data/cohort';
import { makeFeatureCohort } from '../../data/cohort';
import { makeFeatureMatrix } from '../../data/feature-matrix';
import type { SiteProbe } from '../audit';
import { covariateFeatures } from '../predictors/covariate-features';
import type { SplitDesign } from '../splits/evaluate-splits';
import { evaluateSplits } from '../splits/evaluate-splits';
import { givenFeatures } from '../splits/fold-source';
import { maskImages } from './common-mask';
import type { ImageProbeDesign } from './probe-in-folds';
import { probeInFolds } from './probe-in-folds';

/** The site from the masks of raw scans alone, by the same network. */
export async function maskFloor(
  raw: ImageCohort,
  options: {
    readonly mask: Uint8Array;
    readonly design: ImageProbeDesign;
    readonly signal?: AbortSignal;
    readonly onTrained: () => void;
  },
): Promise<SiteProbe<'cnn'> | undefined> {
  const { mask, design, signal, onTrained } = options;
  const masks = maskImages(raw, mask);
  const run = await probeInFolds(masks, { ...design, targets: [] }, { protocol: 'raw', signal, onTrained });
  return run.probe;
}

/** The site from covariates alone, by the better of the probes that audits of tables have. */
export async function covariateFloor(
  raw: ImageCohort,
  splits: SplitDesign,
  { signal }: { readonly signal?: AbortSignal },
): Promise<SiteProbe | undefined> {
  const known = covariateFeatures(withoutFeatures(raw), splits.settings.covariates);
  if (known === undefined) return undefined;
  const { probes } = await evaluateSplits(splits, givenFeatures(known, 'raw'), { signal });
  return probes.reduce((best, probe) =>
    probe.overSubjects.estimate > best.overSubjects.estimate ? probe : best,
  );
}

function withoutFeatures({ participants }: ImageCohort): FeatureCohort {
  return makeFeatureCohort(participants, makeFeatureMatrix(new Float64Array(0), participants.ids, []));
}
