import type { ImageCohort } from '../data/cohort';
import { requireOneSuffix } from '../data/cohort';
import { cohortSource } from '../data/images/memory-source';
import type { CohortSource } from '../data/images/slice-source';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { oneOf } from '../data/one-of';
import { provenanceStep } from '../data/provenance';
import { withWeights } from '../nn/images/image-model';
import { imageSamples } from '../nn/images/image-samples';
import type { ImageSamples } from '../nn/images/image-samples';
import { requireSeed } from '../nn/train/require-seed';
import { train } from '../nn/train/train';
import type { TrainOptions } from '../nn/train/train-options';
import { differenceInWords, sameImages } from '../nn/train/training-signs';
import type { CodeProbe, CvaeArchitecture, CvaeModel } from './cvae-model';
import { cvaeSettings } from './cvae-settings';
import { requireCvaeArchitecture } from './network/cvae-network';
import type { CvaeSize } from './network/cvae-sizes';
import { cvaeSizes } from './network/cvae-sizes';
import { probeCodes, scanCodes } from './training/code-probe';
import type { CvaeNetworks } from './training/cvae-training';
import { CvaeTraining } from './training/cvae-training';
import type { CvaeJudgement } from './training/cvae-validation';
import { judgeCvae } from './training/cvae-validation';
import type { CvaeLossWeights } from './training/loss-weights';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link fitCvae}. */
export interface FitCvaeOptions extends Partial<TrainOptions> {
  /** @defaultValue `'small'` */
  readonly size?: CvaeSize;
  /** Sizes to set differently. */
  readonly architecture?: Partial<Omit<CvaeArchitecture, 'imageShape'>>;
  /** How much the terms of the loss count. @defaultValue reconstruction 1, prior 1, invariance 0.1, adversary 0.05 */
  readonly weights?: Partial<CvaeLossWeights>;
  /**
   * The standard deviation of an image about what is made of its code, on the scale of the network (2 from background to
   * bright): the smaller, the sharper, and the more codes say.
   *
   * @defaultValue 0.1
   */
  readonly deviation?: number;
  /** The share of the steps over which both divergences grow to their weights: at once, they blur. @defaultValue 0.25 */
  readonly warmUp?: number;
  /** Constant for half of the steps, then falling in a line to 0. @defaultValue 0.001 */
  readonly learningRate?: number;
  /** The share of persons (all their scans) held out for validation. @defaultValue 0.1 */
  readonly heldOut?: number;
}

/**
 * Fits a conditional variational autoencoder with an invariant code (Moyer et al. 2020, "Scanner invariant representations
 * for diffusion MRI harmonization", Magnetic Resonance in Medicine 84:2174), on slices: an encoder that is not told the site
 * gives a distribution of codes, a decoder makes an image of a code and a site. The sizes, that codes keep places, and how the
 * site steers the decoder are ours; the published networks work on vectors.
 *
 * Of the running averages of the weights those are kept that rebuild persons held out best. How well the site can be read from
 * codes afterwards is measured and stored (`codeProbe`).
 *
 * @param data - slices of one size, one channel or three neighboring slices each; a cohort, or a source that reads them
 * when needed
 * @throws ConcordError `too-little-data` with one site only or fewer than two images at a site; `invalid-option` when
 * images do not fit the size, or are of several contrasts; `invalid-voxels`, `aborted`, `diverged`, `unavailable-backend`.
 * @example
 * ```ts
 * const model = await baselines.fitCvae(slices, { size: 'small', steps: 5000, seed: 1 });
 * const harmonized = await baselines.applyCvae(model, slices, { site: 'Siemens' });
 * ```
 */
export async function fitCvae(
  data: ImageCohort | CohortSource,
  options: FitCvaeOptions = {},
): Promise<CvaeModel> {
  requireCall('baselines.fitCvae', { data, options });
  const { seed = 0, steps = 10_000, batchSize = 8, averageDecay = 0.999 } = options;
  requireSeed(seed);
  const settings = cvaeSettings(options);
  const architecture = architectureOf(data, options);
  requireCvaeArchitecture(architecture);
  requireOneSuffix('fitCvae', data);
  const samples = await imageSamples(data, options);
  const work = new CvaeTraining(samples, { architecture, settings, seed });
  const plan = await work.plan(batchSize, steps);
  const training = { ...options, steps, seed, batchSize, averageDecay };
  const { networks, record, issues } = await train(plan, training);
  const { judgement, codeProbe } = await judge(networks, work, { samples, architecture });
  const step = { ...work.record, steps, batchSize, averageDecay };
  return {
    kind: 'cvae',
    architecture,
    sites: samples.sites,
    geometry: samples.geometry,
    learned: samples.learned,
    codeProbe,
    weights: networks,
    training: record,
    heldOut: work.heldOut.ids,
    provenance: [...samples.cohort.provenance, provenanceStep('fitCvae', step, seed)],
    issues: [...samples.cohort.issues, ...issues, ...troubles(judgement)],
  };
}

function architectureOf(
  data: ImageCohort | CohortSource,
  { size = 'small', architecture }: FitCvaeOptions,
): CvaeArchitecture {
  oneOf('size', size, Object.keys(cvaeSizes));
  return { ...cvaeSizes[size], ...architecture, imageShape: cohortSource(data).shape };
}

async function judge(
  networks: CvaeNetworks,
  work: CvaeTraining,
  { samples, architecture }: { readonly samples: ImageSamples; readonly architecture: CvaeArchitecture },
): Promise<{ readonly judgement: CvaeJudgement; readonly codeProbe: CodeProbe }> {
  return withWeights(networks, async (tensors) => ({
    judgement: await judgeCvae(tensors, await work.readJudged(), architecture),
    codeProbe: probeCodes(await scanCodes(tensors, samples, architecture), samples.sites.length),
  }));
}

function troubles({ siteDifference }: CvaeJudgement): readonly Issue[] {
  if (siteDifference >= sameImages) return [];
  const message = `images made for another site are as those for their own (${differenceInWords(siteDifference)})`;
  return [makeIssue('collapsed', message, {})];
}
