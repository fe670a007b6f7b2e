import type { Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../data/cohort';
import { requireOneSuffix } from '../data/cohort';
import { modelDigest } from '../data/digest';
import type { WeightArray } from '../data/networks/weights';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { givenImages, withMadeImages } from '../nn/images/given-images';
import { guidedRecord, requireGuided } from '../nn/images/guided-by-scan';
import type { GuidedOptions } from '../nn/images/guided-options';
import { rowsTensor, throughBatches, withWeights } from '../nn/images/image-model';
import { imagesKnownTo, rangeOfSite, requireSite } from '../nn/images/site-model';
import { noticeUnseenSites } from '../nn/images/notice-unseen-sites';
import { oneHot } from '../nn/ops/one-hot';
import type { CvaeModel } from './cvae-model';
import type { CvaeWeights } from './network/cvae-network';
import { codeEncoder } from './network/code-encoder';
import { siteDecoder } from './network/site-decoder';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link applyCvae}. */
export interface ApplyCvaeOptions extends RunOptions, GuidedOptions {
  /** The site that images are to look like. */
  readonly site: string;
  /** Images at a time. @defaultValue 32 */
  readonly batchSize?: number;
}

/**
 * Harmonizes images by a conditional variational autoencoder: the mean of each image's code, as the target site would have it. The
 * source's site need not be known, codes are not told it.
 *
 * @returns the cohort with images as if scanned at the target, in its intensities; what is outside the brain mask (without one:
 * where the image is 0) stays as it was, with issues for sites that the model does not know and scans unlike those it learned from
 * @throws ConcordError `unknown-site` for a target that the model does not know; `invalid-option` when images do not fit the
 * model; `invalid-voxels`, `aborted`.
 */
export async function applyCvae(
  model: CvaeModel,
  cohort: ImageCohort,
  options: ApplyCvaeOptions,
): Promise<ImageCohort> {
  requireCall('baselines.applyCvae', { model, cohort, options });
  const { site, batchSize = 32, guided, ...run } = options;
  requireGuided(guided);
  const target = requireSite(model, site);
  requireOneSuffix('applyCvae', cohort);
  return withWeights(model.weights as CvaeWeights<WeightArray>, async ({ encoder, decoder }) => {
    const given = await givenImages(imagesKnownTo(model), cohort, { signal: run.signal });
    const { source } = given;
    const { values } = await throughBatches(
      { ...given, label: 'harmonizing', batchSize },
      async (positions) => {
        const images = await source.read(positions);
        return tidy(() => {
          const { means } = codeEncoder(encoder, rowsTensor<Tensor4D>(images, source.shape));
          const sites = oneHot(
            positions.map(() => target),
            model.sites.length,
          );
          return siteDecoder(decoder, means, sites);
        });
      },
      run,
    );
    const step = provenanceStep('applyCvae', {
      target: site,
      ...guidedRecord(options),
      model: modelDigest(model, whatDecides),
    });
    const ranges = cohort.participants.ids.map(() => rangeOfSite(model, site));
    const issues = [...noticeUnseenSites(model, cohort, 'encoded as others'), ...given.issues];
    return withMadeImages(
      cohort,
      { values, ranges, from: given.ranges, left: given.left, guided },
      { step, issues },
    );
  });
}

/** What of a model decides what it makes. */
function whatDecides({ architecture, geometry, sites, weights }: CvaeModel): unknown {
  return { architecture, geometry, sites, weights };
}
