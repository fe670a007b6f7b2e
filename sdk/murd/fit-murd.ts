import type { ImageCohort } from '../data/cohort';
import { requireOneSuffix } from '../data/cohort';
import type { Issue } from '../data/issue';
import type { JsonObject } from '../data/json';
import { cohortSource } from '../data/images/memory-source';
import { oneOf } from '../data/one-of';
import { provenanceStep } from '../data/provenance';
import type { CohortSource } from '../data/images/slice-source';
import { withWeights } from '../nn/images/image-model';
import { imageSamples } from '../nn/images/image-samples';
import { deriveSeed } from '../math/random';
import { requireSeed } from '../nn/train/require-seed';
import { train } from '../nn/train/train';
import type { TrainOptions } from '../nn/train/train-options';
import type { Contrasts } from './domains';
import { findDomains, requireTargets, targetsOf } from './domains';
import type { MurdLossWeights } from './training/loss-weights';
import type { MurdArchitecture, MurdModel } from './murd-model';
import { initMurd, requireArchitecture } from './network/murd-network';
import type { MurdSize } from './network/murd-sizes';
import { murdSizes } from './network/murd-sizes';
import { murdSettings } from './murd-settings';
import type { MurdNetworks } from './training/murd-training';
import { MurdTraining } from './training/murd-training';
import { judgeMurd } from './training/murd-validation';
import { digestOfWeights } from '../nn/train/start-from';
import { requireFitting } from './training/start-from';
import { trainingTroubles } from './training/training-troubles';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link fitMurd}. */
export interface FitMurdOptions extends Partial<TrainOptions> {
  /** @defaultValue `'small'` */
  readonly size?: MurdSize;
  /** Sizes to set differently. */
  readonly architecture?: Partial<Omit<MurdArchitecture, 'imageShape'>>;
  /**
   * One model for one contrast, or for all that a cohort has: then each contrast of a site has styles of its own, and
   * scans are translated within their contrast.
   *
   * @defaultValue `'one'`
   */
  readonly contrasts?: Contrasts;
  /**
   * A fitted model to continue from: to train it longer, or on other scans. It needs the same architecture and as many
   * domains; the networks start from its weights, the optimizers anew. Domains take its heads over in order, whatever
   * their names. The model itself stays as it is.
   *
   * @defaultValue none: weights are drawn
   */
  readonly startFrom?: MurdModel;
  /** How much the terms of the loss count. @defaultValue those of the paper */
  readonly weights?: Partial<MurdLossWeights>;
  /**
   * The share of the steps over which the weight of the diversity falls to 0, in a line (Choi et al. 2020,
   * arXiv:1912.01865): where styles have to differ to the end, none of them is the site's.
   *
   * @defaultValue 0.5
   */
  readonly diversityUntil?: number;
  /**
   * Constant for half of the steps, then falling in a line to 0.
   * @defaultValue 0.0005 (the paper: 0.0001, one image a step)
   */
  readonly learningRate?: number;
  /** The style generator's share of it. @defaultValue 0.01 */
  readonly styleGeneratorRate?: number;
  /** The share of persons (all their scans) held out for validation. @defaultValue 0.1 */
  readonly heldOut?: number;
}

/**
 * Fits a multi-site unsupervised representation disentangler (Liu & Yap 2024, "Learning multi-site harmonization of
 * magnetic resonance images without traveling human phantoms", Communications Engineering): one model for all sites. A
 * content encoder says what an image shows, a style encoder how it was made, a style generator makes styles as a site
 * has them, and a generator makes an image of content and style; a discriminator with a head for each site separates real
 * from made. Nobody needs to have been scanned twice.
 *
 * Where the published description would not work we build otherwise: styles steer the normalizations (AdaIN), diversity
 * is made larger, scans are scaled whole, the background is kept, clean contents are compared, and of the averaged
 * weights those are kept that do best on persons held out: what a translation there and back loses, and how far the
 * intensities made for a site are from the site's own.
 *
 * @param data - slices of one size, one channel or three neighboring slices each; a cohort, or a source that reads them
 * when needed
 * @throws ConcordError `too-little-data` with one site only or fewer than two images at a site; `invalid-option` when
 * images do not fit the size, or several contrasts are not `joint`; `invalid-voxels`, `aborted`, `diverged`,
 * `unavailable-backend`.
 * @example
 * ```ts
 * const model = await fitMurd(slices, { size: 'small', steps: 20000, seed: 1, checkpoints: networks.checkpointFolder('run') });
 * const harmonized = await murd.translate(model, slices, { site: 'Siemens' });
 * ```
 */
export async function fitMurd(
  data: ImageCohort | CohortSource,
  options: FitMurdOptions = {},
): Promise<MurdModel> {
  requireCall('fitMurd', { data, options });
  const { seed = 0, steps = 10_000, batchSize = 8, averageDecay = 0.999, contrasts = 'one' } = options;
  requireSeed(seed);
  const settings = murdSettings(options);
  const architecture = architectureOf(data, options);
  requireArchitecture(architecture);
  oneOf('contrasts', contrasts, ['one', 'joint']);
  if (contrasts === 'one') requireOneSuffix('fitMurd', data);
  const samples = await imageSamples(data, options);
  const found = await findDomains(samples, contrasts);
  const targets = targetsOf(found.domains, contrasts);
  requireTargets(found.domains, targets);
  const { startFrom } = options;
  if (startFrom !== undefined) requireFitting(startFrom, { architecture, domains: found.domains });
  const initial = (startFrom?.weights ??
    initMurd(deriveSeed(seed, 0), architecture, found.domains.length)) as MurdNetworks;
  const start: JsonObject = startFrom === undefined ? {} : { startFrom: digestOfWeights(startFrom.weights) };
  const work = new MurdTraining(samples, { architecture, settings, found, targets, seed, initial, start });
  const plan = await work.plan(batchSize, steps);
  const training = { ...options, steps, seed, batchSize, averageDecay };
  const { networks, record, issues } = await train(plan, training);
  const step = { ...work.record, contrasts, steps, batchSize, averageDecay };
  return {
    kind: 'murd',
    architecture,
    sites: samples.sites,
    domains: found.domains,
    farthest: found.farthest,
    geometry: samples.geometry,
    learned: samples.learned,
    weights: networks,
    training: record,
    heldOut: work.heldOut.ids,
    provenance: [...samples.cohort.provenance, provenanceStep('fitMurd', step, seed)],
    issues: [
      ...samples.cohort.issues,
      ...issues,
      ...(await troublesOf(networks, work, { architecture, record })),
    ],
  };
}

function architectureOf(
  data: ImageCohort | CohortSource,
  { size = 'small', architecture }: FitMurdOptions,
): MurdArchitecture {
  oneOf('size', size, Object.keys(murdSizes));
  return { ...murdSizes[size], ...architecture, imageShape: cohortSource(data).shape };
}

async function troublesOf(
  networks: MurdNetworks,
  work: MurdTraining,
  { architecture, record }: Pick<MurdModel, 'architecture'> & { readonly record: MurdModel['training'] },
): Promise<readonly Issue[]> {
  return withWeights(networks, async (tensors) => {
    const judgement = await judgeMurd(tensors, await work.readJudged(), { architecture });
    return trainingTroubles(judgement, record);
  });
}
