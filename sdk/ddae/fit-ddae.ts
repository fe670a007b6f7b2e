import type { FeatureCohort, ImageCohort } from '../data/cohort';
import { cohortSource } from '../data/images/memory-source';
import type { Neighborhood } from '../data/neighborhood';
import { oneOf } from '../data/one-of';
import { provenanceStep } from '../data/provenance';
import type { CohortSource } from '../data/images/slice-source';
import type { NoiseScheduleKind, Prediction } from '../diffusion/noise-schedule';
import type { Augmentation } from '../nn/train/augment';
import { requireSeed } from '../nn/train/require-seed';
import { train } from '../nn/train/train';
import type { TrainOptions } from '../nn/train/train-options';
import type { DdaeArchitecture, DdaeModel, Independence } from './ddae-model';
import { layOut } from './network/ddae-network';
import { ddaeSettings } from './ddae-settings';
import type { DdaeSize } from './network/ddae-sizes';
import { ddaeSizes } from './network/ddae-sizes';
import { DdaeTraining } from './training/ddae-training';
import type { Samples } from './samples/samples';
import { sliceSamples } from './samples/slice-samples';
import { vertexSamples } from './samples/vertex-samples';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link fitDdae}. */
export interface FitDdaeOptions extends Partial<TrainOptions> {
  /** @defaultValue `'small'`; for a feature cohort `'vertex'` */
  readonly size?: DdaeSize;
  /** Sizes to set differently. */
  readonly architecture?: Partial<Omit<DdaeArchitecture, 'sampleShape'>>;
  /**
   * Covariates that are known besides the site, each with a place in z_κ, by name. Everyone who is encoded then needs a
   * value of each, and z_υ need not hold them.
   *
   * @defaultValue `[]`
   */
  readonly known?: readonly string[];
  /**
   * A fitted model to continue from, to train it longer or on other scans, at other sites too: what it learned of brains
   * is not learned again. It needs the same architecture, diffusion and shape of images; sites and levels that it does not
   * know begin as drawn, and the optimizers anew. The model itself stays as it is.
   *
   * @defaultValue none: weights are drawn
   */
  readonly startFrom?: DdaeModel;
  /** @defaultValue `'cosine'` */
  readonly schedule?: NoiseScheduleKind;
  /** T. @defaultValue 1000 */
  readonly times?: number;
  /** @defaultValue `'v'` */
  readonly prediction?: Prediction;
  /** The largest signal-to-noise ratio that counts in full. @defaultValue none: L_simple */
  readonly minSnr?: number;
  /** How the site is kept out of z_υ. @defaultValue `'adversarial'` */
  readonly independence?: Independence;
  /**
   * How much that counts beside the denoising loss; it grows to that over the first fifth of the steps, so that there is
   * something in the code before the site is taken out of it. Too much of it, and the code says nothing at all.
   *
   * @defaultValue 0.01
   */
  readonly independenceWeight?: number;
  /**
   * Whether what is left of the site in z_υ, as far as a linear map can read it, is taken out of the encoder's last layer
   * after the training (Belrose et al. 2023, arXiv:2306.03819): what a critic no longer finds can still be found.
   *
   * @defaultValue true, unless `independence` is `none`
   */
  readonly eraseSites?: boolean;
  /**
   * Random changes of intensity to what the encoder sees, not to what the network learns to make: what they hide, as
   * contrast and noise of a scanner, cannot be said in z_υ. Changes of place are of no use here.
   *
   * @defaultValue `{ gamma: 1.5, noise: 0.1 }` on the scale from −1 to 1; for tables none: there the encoder sees every
   * map with the mean map of a random site in place of that of its own
   */
  readonly disguise?: Pick<Augmentation, 'gain' | 'gamma' | 'noise'>;
  /**
   * The probability that a code is withheld from the network, for each code of each image, so that it can also do without
   * (Ho & Salimans 2022, arXiv:2207.12598).
   *
   * @defaultValue 0
   */
  readonly codeDropout?: number;
  /** Share of features set to 0 in residual blocks while training. @defaultValue 0 */
  readonly dropout?: number;
  /** The learning rate at its highest; it falls along a cosine over the steps. @defaultValue 0.001 */
  readonly learningRate?: number;
  /** The share of persons (all their scans) held out for validation. @defaultValue 0.1 */
  readonly heldOut?: number;
  /** Which vertices touch, for a feature cohort. */
  readonly neighborhood?: Neighborhood;
}

/**
 * Fits a disentangled diffusion autoencoder (Ijishakin et al. 2024, arXiv:2408.15890), which extends the diffusion
 * autoencoder of Preechakul et al. 2022 (arXiv:2111.15640): an encoder says in a code z_υ what an image shows; what is
 * known, the site first of all, has a code of its own, z_κ ~ N(μ_φ(c), σ²I) with σ given; a U-Net that is steered by
 * both learns to take noise away. So the noise can be traced back with the site's code (`ddae.encode`) and the image
 * made again with another's (`harmonizeDdae`). Where the paper leaves things open the construction is ours: an
 * independence term keeps the site out of z_υ.
 *
 * @param data - slices of one size, a cohort or a source that reads them when needed; or a table of vertex values, with
 * `neighborhood`
 * @returns the running averages of the weights that did best on persons held out
 * @throws ConcordError `too-little-data` with one site only or fewer than two images at a site; `invalid-option` when
 * images do not fit the size; `invalid-voxels`, `missing-value`, `aborted`, `diverged`, `unavailable-backend`.
 * @example
 * ```ts
 * const model = await fitDdae(slices, { size: 'small', steps: 20000, seed: 1, checkpoints: networks.checkpointFolder('run') });
 * const harmonized = await harmonizeDdae(model, slices, { target: 'siteA' });
 * ```
 */
export async function fitDdae(
  data: ImageCohort | CohortSource | FeatureCohort,
  options: FitDdaeOptions = {},
): Promise<DdaeModel> {
  requireCall('fitDdae', { data, options });
  const { seed = 0, steps = 10_000, batchSize = 16, averageDecay = 0.999, known: names = [] } = options;
  const { startFrom } = options;
  requireSeed(seed);
  const settings = ddaeSettings(options, isTable(data));
  const samples = await samplesOf(data, options);
  const architecture: DdaeArchitecture = { sampleShape: samples.sampleShape, ...sizesOf(data, options) };
  const work = new DdaeTraining(samples, { layout: layOut(architecture), settings, names, seed, startFrom });
  const plan = await work.plan(batchSize, steps);
  const training = { ...options, steps, seed, batchSize, averageDecay };
  const { networks, record, issues } = await train(plan, training);
  const erase = options.eraseSites ?? settings.independence !== 'none';
  const weights = erase ? await work.withoutSites(networks.ddae, { batchSize, ...options }) : networks.ddae;
  const step = { ...work.record, eraseSites: erase, steps, batchSize, averageDecay };
  return {
    kind: 'ddae',
    architecture,
    diffusion: settings.diffusion,
    sites: work.sites,
    known: work.known,
    scale: samples.scale,
    ...(samples.learned === undefined ? {} : { learned: samples.learned }),
    weights,
    training: record,
    heldOut: work.heldOut.ids,
    provenance: [...samples.provenance, provenanceStep('fitDdae', step, seed)],
    issues: [...samples.issues, ...issues],
  };
}

type Data = ImageCohort | CohortSource | FeatureCohort;

function isTable(data: Data): data is FeatureCohort {
  return data.kind === 'features';
}

function sizesOf(data: Data, { size, architecture }: FitDdaeOptions): Omit<DdaeArchitecture, 'sampleShape'> {
  const chosen = size ?? (isTable(data) ? 'vertex' : 'small');
  oneOf('size', chosen, Object.keys(ddaeSizes));
  return { ...ddaeSizes[chosen], ...architecture };
}

async function samplesOf(data: Data, options: FitDdaeOptions): Promise<Samples> {
  const sizes = sizesOf(data, options);
  if (isTable(data)) return vertexSamples(data, { neighborhood: options.neighborhood, sizes });
  // Before any image is read, so that sizes that do not fit are known at once.
  layOut({ ...sizes, sampleShape: cohortSource(data).shape });
  return sliceSamples(data, options);
}
