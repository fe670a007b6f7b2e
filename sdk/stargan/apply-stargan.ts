import { requireCall } from '../data/calls/require-call';
import type { ImageCohort } from '../data/cohort';
import { requireOneSuffix, suffixesOf } from '../data/cohort';
import { modelDigest } from '../data/digest';
import type { WeightArray } from '../data/networks/weights';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { givenImages } from '../nn/images/given-images';
import { guidedRecord, requireGuided } from '../nn/images/guided-by-scan';
import type { GuidedOptions } from '../nn/images/guided-options';
import { withWeights } from '../nn/images/image-model';
import { imagesKnownTo } from '../nn/images/site-model';
import { noticeUnseenSites } from '../nn/images/notice-unseen-sites';
import { makeInStyles } from '../nn/styles/make-in-styles';
import type { StyleChoice } from '../nn/styles/style-choice';
import { requireChoice, requireReference } from '../nn/styles/style-choice';
import type { DetailOptions } from '../nn/styles/detail-options';
import { requireShare } from '../nn/losses/loss-weights';
import { detailOf, detailRecord } from '../nn/styles/style-detail';
import { styleOfReference } from '../nn/styles/style-of-reference';
import { starganReader, styleOfSite } from './choose-style';
import type { StarganWeights } from './network/stargan-network';
import { requireOwnStyles } from './require-own-styles';
import type { StarganModel } from './stargan-model';

/** Options of {@link applyStargan} besides the style. */
export interface StarganRunOptions extends RunOptions, DetailOptions, GuidedOptions {
  /** Images at a time. @defaultValue 32 */
  readonly batchSize?: number;
}

/** Options of {@link applyStargan}: a site or a reference, and how to run. */
export type ApplyStarganOptions = StyleChoice & StarganRunOptions;

/**
 * Harmonizes images by a StarGAN v2 or a style-encoding GAN: gives them the style of a site, which is the mean over the scans
 * that the model learned from (with `styleSeed` one that is drawn; StarGAN v2 only), or that of a reference, which is the
 * mean over its slices. All slices get one style. The source's site need not be known. With `detail`, what an image loses where
 * it is made again is added; with `guided`, what was made is brought to what the scan shows.
 *
 * @returns the cohort with images as if scanned at the target, in its intensities; what is outside the brain mask (without one:
 * where the image is 0) stays as it was, with issues for sites that the model does not know and scans unlike those it learned from
 * @throws ConcordError `unknown-site` for a target that the model does not know; `too-little-data` for an empty reference;
 * `invalid-option` when images do not fit the model, the reference is of another contrast, or styles of a site are asked of a
 * style-encoding GAN; `invalid-voxels`, `aborted`.
 * @example
 * ```ts
 * const asSiemens = await baselines.applyStargan(model, slices, { site: 'Siemens' });
 * const asThatScan = await baselines.applyStargan(model, slices, { reference: takeSubjects(slices, [12]) });
 * ```
 */
export async function applyStargan(
  model: StarganModel,
  cohort: ImageCohort,
  options: ApplyStarganOptions,
): Promise<ImageCohort> {
  requireCall('baselines.applyStargan', { model, cohort, options });
  const { batchSize = 32, detail = 0, guided, signal, onProgress } = options;
  requireShare('detail', detail);
  requireGuided(guided);
  requireChoice(options);
  requireOwnStyles(model, options);
  requireOneSuffix('applyStargan', cohort);
  const [suffix = ''] = suffixesOf(cohort);
  if ('reference' in options) requireReference(options.reference, suffix);
  return withWeights(model.weights as StarganWeights<WeightArray>, async (networks) => {
    const given = await givenImages(imagesKnownTo(model), cohort, { signal });
    const reader = starganReader(model, networks);
    const reading = { suffix, batchSize, signal };
    const style =
      'site' in options
        ? await styleOfSite(model, networks, options)
        : await styleOfReference(reader, options, reading);
    const lost = await detailOf(reader, { cohort, given }, { ...reading, detail });
    return makeInStyles(
      {
        cohort,
        given,
        chosen: cohort.participants.ids.map(() => style),
        make: (images, styles) => reader.make(images, styles),
        detail: lost,
        step: (target) => {
          const record = {
            target,
            ...detailRecord(lost),
            ...guidedRecord(options),
            model: modelDigest(model, whatDecides),
          };
          return provenanceStep('applyStargan', record);
        },
        issues: noticeUnseenSites(model, cohort, 'made in another style as others are'),
      },
      { batchSize, guided, signal, onProgress },
    );
  });
}

/** What of a model decides what it makes. */
function whatDecides({ architecture, geometry, sites, styles, weights }: StarganModel): unknown {
  return { architecture, geometry, sites, styles, weights };
}
