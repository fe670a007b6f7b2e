import type { Rank, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { JsonObject } from '../../data/json';
import { toJsonObject } from '../../data/json';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import { deriveSeed, makeRandom, permutation } from '../../math/random';
import { readHeldOutImages } from '../../nn/images/held-out-images';
import { rowsTensor } from '../../nn/images/image-model';
import type { ImageSamples } from '../../nn/images/image-samples';
import { insideOf } from '../../nn/images/inside-of';
import { evenly } from '../../nn/images/positions';
import { normalNoise } from '../../nn/ops/normal-noise';
import { oneHot } from '../../nn/ops/one-hot';
import type { HeldOut } from '../../nn/train/hold-out';
import { holdOut } from '../../nn/train/hold-out';
import type { ImageBatches } from '../../nn/train/image-batches';
import { imageBatches } from '../../nn/train/image-batches';
import type { OptimizerOptions, TrainingPlan, Update } from '../../nn/train/training-plan';
import type { StarganWeights } from '../network/stargan-network';
import { initStargan } from '../network/stargan-network';
import { parametersInWords } from '../network/stargan-parameters';
import type { StarganArchitecture } from '../network/stargan-sizes';
import { starganTitles } from '../stargan-model';
import type { StarganSettings } from '../stargan-settings';
import type { StarganDomains } from './loss-weights';
import type { StarganInputs, StyleOrigin } from './stargan-losses';
import { starganCriticLoss, starganLoss } from './stargan-losses';
import type { JudgedScan } from './stargan-validation';
import { judgeStargan } from './stargan-validation';
import { updateNames } from './update-names';

/** The networks by the names under which they are trained. */
export type StarganNetworks = StarganWeights<WeightArray>;

/** Images with where they are from, and whose style they are to have. */
export interface StarganBatch {
  readonly images: Float32Array;
  /** 1 where they are not background, else 0. */
  readonly inside: Float32Array;
  /** The domain of each, and the one whose style it is given. */
  readonly source: readonly number[];
  readonly target: readonly number[];
  /** Two images of each target. */
  readonly references: Float32Array;
  readonly otherReferences: Float32Array;
  /** The share of its weight that the diversity term has left. */
  readonly diversity: number;
}

/** About as many images and scans are judged; every domain has one scan at least where it can. */
const judgedImages = 96;
const judgedScans = 12;

/** One fit while it is set up. */
export class StarganTraining {
  readonly heldOut: HeldOut;
  readonly record: JsonObject;

  constructor(
    private readonly samples: ImageSamples,
    private readonly given: {
      readonly architecture: StarganArchitecture;
      readonly settings: StarganSettings;
      readonly domains: StarganDomains;
      /** How many domains there are. */
      readonly count: number;
      readonly seed: number;
    },
  ) {
    const { settings, seed, architecture, domains } = given;
    const split = { share: settings.heldOut, seed: deriveSeed(seed, 1), everySite: domains === 'sites' };
    this.heldOut = holdOut({ ...samples.cohort, rows: samples.rows }, split);
    this.record = toJsonObject({ ...architecture, ...settings, domains });
  }

  /** What is trained on what, towards what. */
  async plan(batchSize: number, steps: number): Promise<TrainingPlan<StarganNetworks, StarganBatch>> {
    const { samples, given } = this;
    const { architecture, domains, count, seed } = given;
    const draws = this.draws(batchSize);
    const judged = await this.readJudged();
    return {
      // Whoever starts a run sees what it trains, before the first step.
      label: `training a ${starganTitles[domains]}, ${parametersInWords(architecture, count)}`,
      networks: initStargan(deriveSeed(seed, 0), architecture, count),
      updates: this.updates(),
      batch: async (step) => ({
        ...(await this.drawBatch(draws, step)),
        diversity: 1 - (step - 1) / steps,
      }),
      validate: async (networks) =>
        (await judgeStargan(networks, judged, { architecture, domains: count })).metric,
      fingerprint: { ...this.record, samples: samples.digest },
    };
  }

  /** Slices of scans held out, spread over the scans in the order of their domains. */
  async readJudged(): Promise<readonly JudgedScan[]> {
    const { samples, heldOut, given } = this;
    const rows = [...new Set(heldOut.validated.map((position) => samples.rows[position]))];
    const ordered = rows.sort((a, b) => this.domainOfRow(a) - this.domainOfRow(b));
    const chosen = evenly(ordered, Math.max(judgedScans, 2 * given.count));
    const most = Math.max(2, Math.floor(judgedImages / chosen.length));
    return Promise.all(
      chosen.map(async (row) => {
        const its = heldOut.validated.filter((position) => samples.rows[position] === row);
        return { ...(await readHeldOutImages(samples, its, most)), domain: this.domainOfRow(row) };
      }),
    );
  }

  /** The number of the domain of a participant's scans; with one domain, sites are not looked at. */
  domainOfRow(row: number): number {
    const { sites, cohort } = this.samples;
    return this.given.domains === 'one' ? 0 : sites.indexOf(cohort.participants.sites[row]);
  }

  /** What images are drawn from: those to be changed, and the references of each domain, two for an image. */
  private draws(batchSize: number): Draws {
    const { samples, heldOut, given } = this;
    const { count, seed } = given;
    const domains = Array.from(samples.rows, (row) => this.domainOfRow(row));
    const images = imageBatches(samples.source, {
      batchSize,
      seed: deriveSeed(seed, 3),
      among: heldOut.learned,
      balance: domains.map(String),
      sharedBy: 2,
    });
    const references = Array.from({ length: count }, (_, domain) => {
      const among = heldOut.learned.filter((position) => domains[position] === domain);
      return imageBatches(samples.source, {
        batchSize: 2 * Math.ceil(batchSize / count),
        seed: deriveSeed(deriveSeed(seed, 5), domain),
        among,
        sharedBy: 2 * count,
      });
    });
    return { images, references, batchSize };
  }

  private async drawBatch(
    { images: draw, references, batchSize }: Draws,
    step: number,
  ): Promise<Omit<StarganBatch, 'diversity'>> {
    const { samples, given } = this;
    const { images, positions } = await draw(step);
    const size = images.length / batchSize;
    const random = makeRandom(deriveSeed(deriveSeed(given.seed, 4), step));
    const order = permutation(given.count, random);
    // Every domain is the target of as many images, in an order of the step's own.
    const target = Array.from({ length: batchSize }, (_, i) => order[i % given.count]);
    const drawn = {
      references: new Float32Array(images.length),
      otherReferences: new Float32Array(images.length),
    };
    for (const domain of new Set(target)) {
      const { images: found } = await references[domain](step);
      let next = 0;
      for (const [i, of] of target.entries()) {
        if (of !== domain) continue;
        for (const into of [drawn.references, drawn.otherReferences]) {
          into.set(found.subarray(next * size, (next + 1) * size), i * size);
          next++;
        }
      }
    }
    return {
      images,
      inside: insideOf(samples, images, positions),
      source: Array.from(positions, (position) => this.domainOfRow(samples.rows[position])),
      target,
      ...drawn,
    };
  }

  /** A step: the discriminator by latents and by references, then those that make images, likewise. */
  private updates(): Update<StarganNetworks, StarganBatch>[] {
    const { learningRate, mappingRate, weightDecay, weights } = this.given.settings;
    const optimizer: OptimizerOptions = { learningRate, beta1: 0, beta2: 0.99, weightDecay };
    const critic = (origin: StyleOrigin): Update<StarganNetworks, StarganBatch> => ({
      name: updateNames[origin].critic,
      trains: ['critic'],
      optimizer,
      loss: (networks, batch, random) =>
        starganCriticLoss(networks, this.inputs(batch, random), { r1: weights.r1, origin }),
    });
    const maker = (origin: StyleOrigin): Update<StarganNetworks, StarganBatch> => ({
      name: updateNames[origin].generator,
      trains: origin === 'latent' ? ['generator', 'mapping', 'style'] : ['generator'],
      optimizer: origin === 'latent' ? { ...optimizer, multipliers: { mapping: mappingRate } } : optimizer,
      loss: (networks, batch, random) =>
        starganLoss(networks, this.inputs(batch, random), {
          weights: { ...weights, diversity: weights.diversity * batch.diversity },
          origin,
        }),
    });
    return [critic('latent'), critic('reference'), maker('latent'), maker('reference')];
  }

  private inputs(batch: StarganBatch, random: Random): StarganInputs {
    const { architecture, count } = this.given;
    const { imageShape, latentSize } = architecture;
    const images = (values: Float32Array): Tensor4D => rowsTensor(values, imageShape);
    const latents = (): Tensor2D => normalNoise<Rank.R2>(random, [batch.source.length, latentSize]);
    return {
      images: images(batch.images),
      inside: images(batch.inside),
      source: oneHot(batch.source, count),
      target: oneHot(batch.target, count),
      latents: latents(),
      otherLatents: latents(),
      references: images(batch.references),
      otherReferences: images(batch.otherReferences),
    };
  }
}

/** What the images of a step are drawn from. */
interface Draws {
  readonly images: ImageBatches;
  /** By domain. */
  readonly references: readonly ImageBatches[];
  readonly batchSize: number;
}
