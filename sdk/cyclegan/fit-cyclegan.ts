import { requireCall } from '../data/calls/require-call';
import type { ImageCohort } from '../data/cohort';
import { requireOneSuffix } from '../data/cohort';
import { cohortSource } from '../data/images/memory-source';
import type { CohortSource } from '../data/images/slice-source';
import type { Issue } from '../data/issue';
import { oneOf } from '../data/one-of';
import { provenanceStep } from '../data/provenance';
import { withWeights } from '../nn/images/image-model';
import { imageSamples } from '../nn/images/image-samples';
import { requireSite } from '../nn/images/site-model';
import { requireSeed } from '../nn/train/require-seed';
import { train } from '../nn/train/train';
import type { TrainOptions } from '../nn/train/train-options';
import type { CycleganArchitecture, CycleganModel } from './cyclegan-model';
import { cycleganSettings } from './cyclegan-settings';
import { requireCycleganArchitecture } from './network/cyclegan-network';
import type { CycleganSize } from './network/cyclegan-sizes';
import { cycleganSizes } from './network/cyclegan-sizes';
import type { CycleganNetworks } from './training/cyclegan-training';
import { CycleganTraining } from './training/cyclegan-training';
import { judgeCyclegan } from './training/cyclegan-validation';
import type { CycleganLossWeights } from './training/loss-weights';
import { cycleganTroubles } from './training/cyclegan-troubles';

/** Options of {@link fitCyclegan}. */
export interface FitCycleganOptions extends Partial<TrainOptions> {
  /** @defaultValue `'small'` */
  readonly size?: CycleganSize;
  /** Sizes to set differently. */
  readonly architecture?: Partial<Omit<CycleganArchitecture, 'imageShape'>>;
  /**
   * A site by whose way all others are translated: 2(N − 1) generators and as many critics for N sites, where N(N − 1) are
   * needed when every pair of sites has its own.
   *
   * @defaultValue none: every pair has its own
   */
  readonly hub?: string;
  /** How much the terms of the loss count. @defaultValue those of the paper: adversarial 1, cycle 10, identity 5 */
  readonly weights?: Partial<CycleganLossWeights>;
  /** Images made earlier that a critic is shown again, so many for each site of a pair. @defaultValue 50 */
  readonly historySize?: number;
  /** Constant for half of the steps, then falling in a line to 0. @defaultValue 0.0002 */
  readonly learningRate?: number;
  /** The share of persons (all their scans) held out for validation. @defaultValue 0.1 */
  readonly heldOut?: number;
}

/**
 * Fits CycleGANs (Zhu et al. 2017, "Unpaired image-to-image translation using cycle-consistent adversarial networks",
 * arXiv:1703.10593) on slices: for every pair of sites two generators and two critics, or with a `hub` for the pairs of it
 * with every other site. A step takes images of each site (`batchSize` divided among the sites, one at least) through all
 * pairs: it costs as the number of pairs, which the progress says.
 *
 * As published but for this: the resolution is doubled by nearest neighbors and a convolution, which leaves no checkerboard;
 * the last layer is linear; the background is kept; critics learn before generators; of running averages of the weights those
 * are kept that do best on persons held out: what a translation there and back loses, and how far the intensities made for
 * a site are from the site's own.
 *
 * @param data - slices of one size, one channel or three neighboring slices each; a cohort, or a source that reads them
 * when needed
 * @throws ConcordError `too-little-data` with one site only or fewer than two images at a site; `unknown-site` for a hub that
 * is none; `invalid-option` when images do not fit the size, or are of several contrasts; `invalid-voxels`, `aborted`,
 * `diverged`, `unavailable-backend`.
 * @example
 * ```ts
 * const model = await baselines.fitCyclegan(slices, { size: 'small', steps: 5000, seed: 1, hub: 'Siemens' });
 * const harmonized = await baselines.applyCyclegan(model, slices, { site: 'Siemens' });
 * ```
 */
export async function fitCyclegan(
  data: ImageCohort | CohortSource,
  options: FitCycleganOptions = {},
): Promise<CycleganModel> {
  requireCall('baselines.fitCyclegan', { data, options });
  const { seed = 0, steps = 10_000, batchSize = 8, averageDecay = 0.999, hub } = options;
  requireSeed(seed);
  const settings = cycleganSettings(options);
  const architecture = architectureOf(data, options);
  requireCycleganArchitecture(architecture);
  requireOneSuffix('fitCyclegan', data);
  const samples = await imageSamples(data, options);
  if (hub !== undefined) requireSite(samples, hub, 'hub');
  const work = new CycleganTraining(samples, { architecture, settings, hub, seed });
  const plan = await work.plan(batchSize, steps);
  const training = { ...options, steps, seed, batchSize, averageDecay };
  const { networks, record, issues } = await train(plan, training);
  const step = { ...work.record, steps, batchSize, averageDecay };
  const troubles = await troublesOf(networks, work, { architecture, training: record, sites: samples.sites });
  return {
    kind: 'cyclegan',
    architecture,
    sites: samples.sites,
    hub,
    geometry: samples.geometry,
    learned: samples.learned,
    weights: networks,
    training: record,
    heldOut: work.heldOut.ids,
    provenance: [...samples.cohort.provenance, provenanceStep('fitCyclegan', step, seed)],
    issues: [...samples.cohort.issues, ...issues, ...troubles],
  };
}

function architectureOf(
  data: ImageCohort | CohortSource,
  { size = 'small', architecture }: FitCycleganOptions,
): CycleganArchitecture {
  oneOf('size', size, Object.keys(cycleganSizes));
  return { ...cycleganSizes[size], ...architecture, imageShape: cohortSource(data).shape };
}

async function troublesOf(
  networks: CycleganNetworks,
  work: CycleganTraining,
  { architecture, training, sites }: Pick<CycleganModel, 'architecture' | 'training' | 'sites'>,
): Promise<readonly Issue[]> {
  const { pairs } = work;
  const judged = await work.readJudged();
  return withWeights(networks, async (tensors) => {
    const judgement = await judgeCyclegan(tensors, judged, { architecture, pairs });
    return cycleganTroubles(judgement, training, { sites, pairs });
  });
}
