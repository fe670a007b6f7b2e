import type { Rank, Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { add, mul, tensor, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { FeatureCohort, ImageCohort } from '../data/cohort';
import type { JsonObject } from '../data/json';
import type { Neighbourhood } from '../data/neighbourhood';
import { oneOf } from '../data/one-of';
import { siteCodes, siteNames } from '../data/participants';
import { provenanceStep } from '../data/provenance';
import type { CohortSource } from '../data/slice-source';
import type { WeightArray } from '../data/weights';
import { denoisingLoss, drawNoise } from '../diffusion/denoising-loss';
import type { NoiseSchedule, NoiseScheduleKind } from '../diffusion/noise-schedule';
import { makeNoiseSchedule } from '../diffusion/noise-schedule';
import type { Prediction } from '../diffusion/noise-schedule';
import { ConcordError } from '../errors';
import type { Random } from '../math/random';
import { deriveSeed, makeRandom } from '../math/random';
import type { Features } from '../nn/blocks/convolution';
import { evenly, takeImages } from '../nn/images/positions';
import type { Loss } from '../nn/optimize/value-and-gradients';
import type { TensorsOf } from '../nn/parameters';
import type { Augmentation } from '../nn/train/augment';
import { augmentImages, requireAugmentation } from '../nn/train/augment';
import type { ImageBatch } from '../nn/train/image-batches';
import { imageBatches } from '../nn/train/image-batches';
import { splitPeople } from '../nn/train/split-people';
import { requireSeed, train } from '../nn/train/train';
import type { TrainOptions } from '../nn/train/train-options';
import type { TrainingPlan, Update } from '../nn/train/training-plan';
import type { DdaeArchitecture, DdaeDiffusion, DdaeModel, Independence } from './ddae-model';
import type { DdaeLayout, DdaeWeights } from './ddae-network';
import { denoise, initDdae, knownCode, layOut, unknownCode } from './ddae-network';
import type { DdaeSize } from './ddae-sizes';
import { ddaeSizes } from './ddae-sizes';
import { eraseSites } from './erase-sites';
import type { SiteCritic } from './independence';
import { confusionLoss, criticLogits, criticLoss, initSiteCritic, kernelDependence } from './independence';
import type { KnownVariable } from './known-variables';
import { encodeKnown, knownLength, learnKnownVariables } from './known-variables';
import type { Samples } from './samples';
import { sliceSamples } from './slice-samples';
import { vertexSamples } from './vertex-samples';

/** Options of {@link fitDdae}. */
export interface FitDdaeOptions extends Partial<TrainOptions> {
  /** @defaultValue `'small'`; for a feature cohort `'vertex'` */
  readonly size?: DdaeSize;
  /** Sizes to set differently. */
  readonly architecture?: Partial<Omit<DdaeArchitecture, 'sampleShape'>>;
  /**
   * Covariates that are known besides the site, each with a place in z_κ, by name. They are then needed of everyone who
   * is encoded, and z_υ need not hold them.
   *
   * @defaultValue `[]`
   */
  readonly known?: readonly string[];
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
   * @defaultValue `{ gamma: 1.5, noise: 0.1 }` on the scale from −1 to 1; for tables none: there the encoder sees every map
   * with the mean map of a random site in place of that of its own
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
  /** The share of people (all their scans) that the network is not trained but judged on. @defaultValue 0.1 */
  readonly heldOut?: number;
  /** Which vertices touch, for a feature cohort. */
  readonly neighbourhood?: Neighbourhood;
}

/** The networks by the names under which they are trained. */
type Networks = {
  readonly ddae: DdaeWeights<WeightArray>;
  readonly critic?: SiteCritic<WeightArray>;
};

/** The options that shape the model and its training, with defaults. */
interface Settings {
  readonly diffusion: DdaeDiffusion;
  readonly minSnr: number | undefined;
  readonly independence: Independence;
  readonly independenceWeight: number;
  readonly disguise: Augmentation;
  readonly codeDropout: number;
  readonly dropout: number;
  readonly learningRate: number;
  readonly heldOut: number;
}

/** The most images that the network is judged on, and that codes are compared between sites on. */
const [judgedImages, erasedFrom] = [128, 10_000];

/**
 * Fits a disentangled diffusion autoencoder (Ijishakin et al. 2024, arXiv:2408.15890), which extends the diffusion
 * autoencoder of Preechakul et al. 2022 (arXiv:2111.15640): an encoder says in a code z_υ what an image shows; what is
 * known, the site first of all, has a code of its own, z_κ ~ N(μ_φ(c), σ²I) with σ given; a U-Net that is steered by both
 * learns to take noise away. So the noise can be traced back with the site's code (`encode`) and the image made again
 * with another's (`harmonizeDdae`). Where the paper leaves things open the construction is ours: an independence term
 * keeps the site out of z_υ.
 *
 * @param data - slices of one size, a cohort or a source that reads them when needed; or a table of vertex values, with
 * `neighbourhood`
 * @returns the running averages of the weights that did best on people held out
 * @throws ConcordError `too-little-data` with one site only or fewer than two images at a site; `invalid-option` when
 * images do not fit the size; `invalid-voxels`, `missing-value`, `aborted`, `diverged`, `unavailable-backend`.
 * @example
 * ```ts
 * const model = await fitDdae(slices, { size: 'small', steps: 20000, seed: 1, checkpoints: checkpointFolder('run') });
 * const harmonized = await harmonizeDdae(model, slices, { target: 'siteA' });
 * ```
 */
export async function fitDdae(
  data: ImageCohort | CohortSource | FeatureCohort,
  options: FitDdaeOptions = {},
): Promise<DdaeModel> {
  const { seed = 0, steps = 10_000, batchSize = 16, averageDecay = 0.999, known: names = [] } = options;
  requireSeed(seed);
  const settings = settingsOf(options, isTable(data));
  const samples = await samplesOf(data, options);
  const architecture: DdaeArchitecture = { sampleShape: samples.sampleShape, ...sizesOf(data, options) };
  const work = new DdaeTraining(samples, { layout: layOut(architecture), settings, names, seed });
  const plan = await work.plan(batchSize, steps);
  const { networks, record, issues } = await train(plan, {
    ...options,
    steps,
    seed,
    batchSize,
    averageDecay,
  });
  const erase = options.eraseSites ?? settings.independence !== 'none';
  const weights = erase ? await work.withoutSites(networks.ddae, { batchSize, ...options }) : networks.ddae;
  return {
    kind: 'ddae',
    architecture,
    diffusion: settings.diffusion,
    sites: work.sites,
    known: work.known,
    scale: samples.scale,
    weights,
    training: record,
    heldOut: work.heldOut,
    provenance: [
      ...samples.provenance,
      provenanceStep('fitDdae', { ...work.record, eraseSites: erase, steps, batchSize, averageDecay }, seed),
    ],
    issues: [...samples.issues, ...issues],
  };
}

type Data = ImageCohort | CohortSource | FeatureCohort;

function isTable(data: Data): data is FeatureCohort {
  return 'kind' in data && data.kind === 'features';
}

function sizesOf(data: Data, { size, architecture }: FitDdaeOptions): Omit<DdaeArchitecture, 'sampleShape'> {
  const chosen = size ?? (isTable(data) ? 'vertex' : 'small');
  oneOf('size', chosen, Object.keys(ddaeSizes));
  return { ...ddaeSizes[chosen], ...architecture };
}

async function samplesOf(data: Data, options: FitDdaeOptions): Promise<Samples> {
  const sizes = sizesOf(data, options);
  if (isTable(data)) return vertexSamples(data, { neighbourhood: options.neighbourhood, sizes });
  // Before any image is read, so that sizes that do not fit are known at once.
  layOut({ ...sizes, sampleShape: 'kind' in data ? data.images.shape.slice(1) : data.shape });
  return sliceSamples(data, options);
}

function settingsOf(options: FitDdaeOptions, table: boolean): Settings {
  const { schedule = 'cosine', times = 1000, prediction = 'v', minSnr } = options;
  const { independence = 'adversarial', independenceWeight = 0.01, codeDropout = 0, dropout = 0 } = options;
  const { learningRate = 0.001, heldOut = 0.1, disguise = table ? {} : { gamma: 1.5, noise: 0.1 } } = options;
  requireAugmentation(disguise);
  oneOf('prediction', prediction, ['epsilon', 'v']);
  oneOf('independence', independence, ['none', 'kernel', 'adversarial']);
  for (const [name, value] of Object.entries({ codeDropout, dropout })) {
    if (value >= 0 && value < 1) continue;
    throw new ConcordError('invalid-option', `invalid ${name}: ${value} (0 to below 1)`);
  }
  if (!(independenceWeight >= 0) || (minSnr !== undefined && !(minSnr > 0))) {
    const [name, value] =
      independenceWeight >= 0 ? ['minSnr', minSnr] : ['independenceWeight', independenceWeight];
    throw new ConcordError('invalid-option', `invalid ${name}: ${value} (a number above 0)`);
  }
  return {
    diffusion: { schedule, times, prediction },
    ...{ minSnr, independence, independenceWeight, disguise, codeDropout, dropout, learningRate, heldOut },
  };
}

/** A batch with what is known of whom it shows. */
interface Batch extends Pick<ImageBatch, 'images'> {
  /** What the encoder sees of them. */
  readonly disguised: Float32Array;
  /** The share of its weight that the independence term has yet. */
  readonly grown: number;
  readonly count: number;
  /** The known variables of each, and its site as one 1 in a row. */
  readonly variables: Float32Array;
  readonly sites: Float32Array;
}

/** One fit while it is set up. */
class DdaeTraining {
  readonly sites: readonly string[];
  readonly known: readonly KnownVariable[];
  readonly heldOut: readonly string[];
  readonly record: JsonObject;
  private readonly schedule: NoiseSchedule;
  private readonly variables: Float32Array;
  private readonly siteOf: Int32Array;
  private readonly judged: readonly number[];
  private readonly learnt: readonly number[];

  constructor(
    private readonly samples: Samples,
    private readonly given: {
      readonly layout: DdaeLayout;
      readonly settings: Settings;
      readonly names: readonly string[];
      readonly seed: number;
    },
  ) {
    const { participants, subjects, rows } = samples;
    const { settings, seed, layout } = given;
    this.sites = siteNames(participants);
    this.known = learnKnownVariables(participants, given.names);
    this.siteOf = siteCodes(participants, this.sites);
    const shares = Array.from(this.siteOf, (site) => oneHot(this.sites.length, site));
    this.variables = encodeKnown(participants, shares, this.known);
    this.schedule = makeNoiseSchedule({ kind: settings.diffusion.schedule, steps: settings.diffusion.times });
    const chosen = splitPeople(subjects, { share: settings.heldOut, seed: deriveSeed(seed, 1) });
    this.heldOut = participants.ids.filter((_, row) => chosen.has(subjects[row]));
    const isJudged = (position: number): boolean => chosen.has(subjects[rows[position]]);
    const positions = Array.from(rows.keys());
    this.judged = positions.filter(isJudged);
    this.learnt = positions.filter((position) => !isJudged(position));
    const record = { ...layout.architecture, ...settings, known: given.names };
    this.record = JSON.parse(JSON.stringify(record)) as JsonObject;
  }

  async plan(batchSize: number, steps: number): Promise<TrainingPlan<Networks, Batch>> {
    const { samples, given } = this;
    const { layout, settings, seed } = given;
    const { source, rows, participants } = samples;
    const draw = imageBatches(takeImages(source, this.learnt), {
      batchSize,
      seed: deriveSeed(seed, 3),
      balance: this.learnt.map((position) => participants.sites[rows[position]]),
    });
    const critic =
      settings.independence === 'adversarial'
        ? {
            critic: initSiteCritic(
              makeRandom(deriveSeed(seed, 4)),
              layout.architecture.unknownSize,
              this.sites.length,
            ),
          }
        : {};
    return {
      label: 'training the DDAE',
      networks: {
        ddae: initDdae(deriveSeed(seed, 0), layout, knownLength(this.sites, this.known)),
        ...critic,
      },
      updates: this.updates(steps),
      batch: async (step) => {
        const { images, positions } = await draw(step);
        const drawn = Array.from(positions, (at) => this.learnt[at]);
        const disguised = this.disguise(images, drawn, step);
        const grown = Math.min(1, step / (0.2 * steps));
        return this.batchOf(images, drawn, { disguised, grown });
      },
      validate: await this.validation(batchSize),
      fingerprint: { ...this.record, samples: samples.digest },
    };
  }

  /** The weights with an encoder whose codes no linear map tells the site from, on what it learnt from. */
  async withoutSites(
    weights: DdaeWeights<WeightArray>,
    { batchSize, signal }: { readonly batchSize: number; readonly signal?: AbortSignal },
  ): Promise<DdaeWeights<WeightArray>> {
    const { samples, given, siteOf } = this;
    const positions = evenly(this.learnt, erasedFrom);
    return {
      ...weights,
      semantic: await eraseSites(
        weights.semantic,
        {
          source: takeImages(samples.source, positions),
          sites: positions.map((position) => siteOf[samples.rows[position]]),
          places: positions.map((position) => samples.places[position]),
        },
        { layout: given.layout, batchSize, signal },
      ),
    };
  }

  private updates(steps: number): Update<Networks, Batch>[] {
    const { independence, learningRate } = this.given.settings;
    const rate = { kind: 'cosine', rate: learningRate, steps, warmUpSteps: Math.min(200, steps) } as const;
    const updates: Update<Networks, Batch>[] = [
      {
        name: 'ddae',
        trains: ['ddae'],
        optimizer: { learningRate: rate, clipNorm: 1 },
        loss: (networks, batch, random) => this.loss(networks, batch, random),
      },
    ];
    if (independence !== 'adversarial') return updates;
    const name = 'critic';
    const loss = (networks: TensorsOf<Networks>, batch: Batch): Loss => ({
      total: this.criticLoss(networks, batch),
    });
    return [...updates, { name, trains: [name], optimizer: { learningRate: rate }, loss }];
  }

  /** The denoising loss, and how far the site can be read in z_υ. */
  private loss({ ddae, critic }: TensorsOf<Networks>, batch: Batch, random: Random): Loss {
    const { layout, settings } = this.given;
    const { unknownSize, knownSize } = layout.architecture;
    const clean = this.toTensor(batch);
    const variables = tensor2d(batch.variables, [batch.count, batch.variables.length / batch.count]);
    const noise = normal(random, [batch.count, knownSize]);
    const unknown = unknownCode(ddae, this.toTensor({ ...batch, images: batch.disguised }), layout);
    const known = knownCode(ddae, variables, layout, noise);
    const withhold = (code: Tensor2D, size: number): Tensor2D =>
      settings.codeDropout === 0
        ? code
        : mul(code, keepMask(random, [batch.count, size], settings.codeDropout));
    const codes = { known: withhold(known, knownSize), unknown: withhold(unknown, unknownSize) };
    const dropout = settings.dropout === 0 ? {} : { dropout: { rate: settings.dropout, random } };
    const denoising = denoisingLoss(
      (noisy, times) => denoise(ddae, { noisy, times }, { codes, layout, ...dropout }),
      { clean, draw: drawNoise(random, clean.shape, this.schedule) },
      { schedule: this.schedule, prediction: settings.diffusion.prediction, minSnr: settings.minSnr },
    );
    const dependence = this.dependence(critic, unknown, batch);
    if (dependence === undefined) return { total: denoising };
    const total = add<Scalar>(denoising, mul(dependence, settings.independenceWeight * batch.grown));
    return { total, parts: { denoising, dependence } };
  }

  private dependence(
    critic: TensorsOf<Networks>['critic'],
    unknown: Tensor2D,
    { sites, count }: Batch,
  ): Scalar | undefined {
    switch (this.given.settings.independence) {
      case 'none':
        return undefined;
      case 'kernel':
        return kernelDependence(unknown, tensor2d(sites, [count, this.sites.length]));
      case 'adversarial':
        return critic === undefined ? undefined : confusionLoss(criticLogits(critic, unknown));
    }
  }

  private criticLoss({ ddae, critic }: TensorsOf<Networks>, batch: Batch): Scalar {
    if (critic === undefined) throw new ConcordError('invalid-option', 'there is no critic to train');
    const seen = this.toTensor({ ...batch, images: batch.disguised });
    const codes = unknownCode(ddae, seen, this.given.layout);
    return criticLoss(criticLogits(critic, codes), tensor2d(batch.sites, [batch.count, this.sites.length]));
  }

  private toTensor({ images, count }: Pick<Batch, 'images' | 'count'>): Features {
    return tensor<Rank>(images, [count, ...this.samples.sampleShape]) as Features;
  }

  private disguise(images: Float32Array, positions: readonly number[], step: number): Float32Array {
    const { sampleShape, rows, asElsewhere } = this.samples;
    const { settings, seed } = this.given;
    const random = makeRandom(deriveSeed(deriveSeed(seed, 7), step));
    const ofRows = positions.map((position) => rows[position]);
    const seen = asElsewhere?.(images, ofRows, random) ?? images;
    const [height, width, channels] = sampleShape.length === 3 ? sampleShape : [sampleShape[0], 1, 1];
    return augmentImages(seen, [positions.length, height, width, channels], {
      augment: settings.disguise,
      seed: deriveSeed(deriveSeed(seed, 6), step),
    });
  }

  private batchOf(
    images: Float32Array,
    positions: readonly number[],
    { disguised, grown }: Pick<Batch, 'disguised' | 'grown'> = { disguised: images, grown: 1 },
  ): Batch {
    const { rows } = this.samples;
    const width = this.variables.length / this.samples.participants.ids.length;
    const variables = new Float32Array(positions.length * width);
    const sites = new Float32Array(positions.length * this.sites.length);
    positions.forEach((position, i) => {
      const row = rows[position];
      variables.set(this.variables.subarray(row * width, (row + 1) * width), i * width);
      sites[i * this.sites.length + this.siteOf[row]] = 1;
    });
    return { images, disguised, grown, count: positions.length, variables, sites };
  }

  /** The denoising loss on people held out, with the same times and noise each time. */
  private async validation(batchSize: number): Promise<TrainingPlan<Networks, Batch>['validate']> {
    const { layout, settings, seed } = this.given;
    const positions = evenly(this.judged, judgedImages);
    const batches: Batch[] = [];
    for (let from = 0; from < positions.length; from += batchSize) {
      const some = positions.slice(from, from + batchSize);
      batches.push(this.batchOf(await this.samples.source.read(some), some));
    }
    return async ({ ddae }) => {
      const random = makeRandom(deriveSeed(seed, 5));
      let sum = 0;
      for (const batch of batches) {
        const loss = tidy(() => {
          const clean = this.toTensor(batch);
          const variables = tensor2d(batch.variables, [batch.count, batch.variables.length / batch.count]);
          const codes = {
            known: knownCode(ddae, variables, layout),
            unknown: unknownCode(ddae, clean, layout),
          };
          return denoisingLoss(
            (noisy, times) => denoise(ddae, { noisy, times }, { codes, layout }),
            { clean, draw: drawNoise(random, clean.shape, this.schedule) },
            { schedule: this.schedule, prediction: settings.diffusion.prediction, minSnr: settings.minSnr },
          );
        });
        sum += (await loss.data())[0] * batch.count;
        loss.dispose();
      }
      return sum / positions.length;
    };
  }
}

function oneHot(length: number, at: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => (i === at ? 1 : 0));
}

function normal(random: Random, shape: [number, number]): Tensor2D {
  return tensor2d(
    Float32Array.from({ length: shape[0] * shape[1] }, () => random.normal()),
    shape,
  );
}

/** Rows of ones, and of zeros with the probability given. */
function keepMask(random: Random, [count, size]: [number, number], withheld: number): Tensor2D {
  const values = new Float32Array(count * size);
  for (let row = 0; row < count; row++) {
    values.fill(random.uniform() < withheld ? 0 : 1, row * size, (row + 1) * size);
  }
  return tensor2d(values, [count, size]);
}
