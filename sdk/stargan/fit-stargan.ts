import { requireCall } from '../data/calls/require-call';
import type { ImageCohort } from '../data/cohort';
import { requireOneSuffix } from '../data/cohort';
import { cohortSource } from '../data/images/memory-source';
import type { CohortSource } from '../data/images/slice-source';
import type { Issue } from '../data/issue';
import type { TrainingRecord } from '../data/networks/training-record';
import { oneOf } from '../data/one-of';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { withWeights } from '../nn/images/image-model';
import type { ImageSamples } from '../nn/images/image-samples';
import { imageSamples } from '../nn/images/image-samples';
import { requireSeed } from '../nn/train/require-seed';
import { train } from '../nn/train/train';
import type { TrainOptions } from '../nn/train/train-options';
import { requireStarganArchitecture } from './network/stargan-network';
import type { StarganArchitecture, StarganSize } from './network/stargan-sizes';
import { starganSizes } from './network/stargan-sizes';
import { meanStylesOfSites } from './mean-styles-of-sites';
import type { SiteMeanStyle, StarganModel } from './stargan-model';
import { countDomains, starganKinds } from './stargan-model';
import { starganSettings } from './stargan-settings';
import type { StarganDomains, StarganLossWeights } from './training/loss-weights';
import { starganLossWeights } from './training/loss-weights';
import type { StarganNetworks } from './training/stargan-training';
import { StarganTraining } from './training/stargan-training';
import { starganTroubles } from './training/stargan-troubles';
import { judgeStargan } from './training/stargan-validation';

/** Options of {@link fitStargan}. */
export interface FitStarganOptions extends Partial<TrainOptions> {
  /**
   * `'sites'`: every site is a domain, StarGAN v2. `'one'`: all scans are of one domain and sites are not looked at while
   * training, a style-encoding GAN; the styles of its sites are read afterwards.
   *
   * @defaultValue `'sites'`
   */
  readonly domains?: StarganDomains;
  /** @defaultValue `'small'` */
  readonly size?: StarganSize;
  /** Sizes to set differently. */
  readonly architecture?: Partial<Omit<StarganArchitecture, 'imageShape'>>;
  /** How much the terms of the loss count. @defaultValue those of the papers: style, diversity and R1 1, cycle 1, or 100 with one domain */
  readonly weights?: Partial<StarganLossWeights>;
  /** The same all along. @defaultValue 0.0001 */
  readonly learningRate?: number;
  /** The mapping network's share of it. @defaultValue 0.01 */
  readonly mappingRate?: number;
  /**
   * What each step takes away of a weight, as a fraction of it, times the learning rate.
   *
   * @defaultValue 0.0001
   */
  readonly weightDecay?: number;
  /** The share of persons (all their scans) held out for validation. @defaultValue 0.1 */
  readonly heldOut?: number;
}

/**
 * Fits a StarGAN v2 (Choi et al. 2020, "StarGAN v2: diverse image synthesis for multiple domains", arXiv:1912.01865) on
 * slices, whose domains are the sites; or with one domain a style-encoding GAN (Liu M. et al. 2021, "Style transfer using
 * generative adversarial networks for multi-site MRI harmonization"), which is the same without labels. A step changes the
 * discriminator by styles that are drawn and by styles that are read from references, then what makes images likewise.
 *
 * Other than published:
 * - Weights decay apart from the gradients (AdamW). Within Adam, as published, the decay is divided by the size of the
 *   gradients too: what has small gradients decays fast, what has large ones hardly (Loshchilov & Hutter 2019).
 * - Each of the four changes of a step has an Adam of its own, where the published ones share one for each network.
 * - Images are not mirrored, cut or resized at random: a mirrored brain has its hemispheres exchanged.
 * - Scans are scaled whole by a robust percentile, not slice by slice to 8 bits by their brightest voxel; the background is kept.
 * - The style of a scan is the mean over its slices, never one for each slice.
 * - Of running averages of the weights those are kept that do best on persons held out: what making a scan in the style of
 *   another and back loses, and how far the intensities made are from those of the other scan.
 *
 * @param data - slices of one size, one channel or three neighboring slices each; a cohort, or a source that reads them
 * when needed
 * @throws ConcordError `too-little-data` with one site only or fewer than two images at a site; `invalid-option` when images do
 * not fit the size, or are of several contrasts; `invalid-voxels`, `aborted`, `diverged`, `unavailable-backend`.
 * @example
 * ```ts
 * const model = await baselines.fitStargan(slices, { size: 'small', steps: 5000, seed: 1 });
 * const harmonized = await baselines.applyStargan(model, slices, { site: 'Siemens' });
 * ```
 */
export async function fitStargan(
  data: ImageCohort | CohortSource,
  options: FitStarganOptions = {},
): Promise<StarganModel> {
  requireCall('baselines.fitStargan', { data, options });
  const { domains = 'sites', seed = 0, steps = 10_000, batchSize = 8, averageDecay = 0.999 } = options;
  requireSeed(seed);
  oneOf('domains', domains, Object.keys(starganLossWeights));
  const settings = starganSettings(domains, options);
  const architecture = architectureOf(data, options);
  requireStarganArchitecture(architecture);
  requireOneSuffix('fitStargan', data);
  const samples = await imageSamples(data, options);
  const count = countDomains(domains, samples.sites);
  const work = new StarganTraining(samples, { architecture, settings, domains, count, seed });
  const plan = await work.plan(batchSize, steps);
  const training = { ...options, steps, seed, batchSize, averageDecay };
  const { networks, record, issues } = await train(plan, training);
  const step = { ...work.record, steps, batchSize, averageDecay };
  const { signal, onProgress } = options;
  const found = await lookedAt(
    networks,
    { samples, work, architecture, count, record },
    { signal, onProgress },
  );
  return {
    kind: starganKinds[domains],
    architecture,
    sites: samples.sites,
    styles: found.styles,
    geometry: samples.geometry,
    learned: samples.learned,
    weights: networks,
    training: record,
    heldOut: work.heldOut.ids,
    provenance: [...samples.cohort.provenance, provenanceStep('fitStargan', step, seed)],
    issues: [...samples.cohort.issues, ...issues, ...found.troubles],
  };
}

function architectureOf(
  data: ImageCohort | CohortSource,
  { size = 'small', architecture }: FitStarganOptions,
): StarganArchitecture {
  oneOf('size', size, Object.keys(starganSizes));
  return { ...starganSizes[size], ...architecture, imageShape: cohortSource(data).shape };
}

/** What networks that are trained show of themselves: signs of trouble, and the styles of the sites. */
async function lookedAt(
  networks: StarganNetworks,
  trained: {
    readonly samples: ImageSamples;
    readonly work: StarganTraining;
    readonly architecture: StarganArchitecture;
    readonly count: number;
    readonly record: TrainingRecord;
  },
  run: RunOptions,
): Promise<{ readonly troubles: readonly Issue[]; readonly styles: readonly SiteMeanStyle[] }> {
  const { samples, work, architecture, count, record } = trained;
  const judged = await work.readJudged();
  return withWeights(networks, async (tensors) => {
    const judgement = await judgeStargan(tensors, judged, { architecture, domains: count });
    const reading = { domainOfRow: (row: number) => work.domainOfRow(row), count };
    return {
      troubles: starganTroubles(judgement, record),
      styles: await meanStylesOfSites(tensors, samples, reading, run),
    };
  });
}
