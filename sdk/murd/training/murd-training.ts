import type { Rank, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, mul, tidy } from '@tensorflow/tfjs-core';
import type { JsonObject } from '../../data/json';
import { toJsonObject } from '../../data/json';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import { deriveSeed, makeRandom } from '../../math/random';
import { rowsTensor } from '../../nn/images/image-model';
import type { ImageSamples } from '../../nn/images/image-samples';
import { insideOf } from '../../nn/images/inside-of';
import { readHeldOutImages } from '../../nn/images/held-out-images';
import { normalNoise } from '../../nn/ops/normal-noise';
import { oneHot } from '../../nn/ops/one-hot';
import type { HeldOut } from '../../nn/train/hold-out';
import { holdOut } from '../../nn/train/hold-out';
import { imageBatches } from '../../nn/train/image-batches';
import type { TrainingPlan, Update } from '../../nn/train/training-plan';
import type { FoundDomains } from '../domains';
import type { MurdArchitecture } from '../murd-model';
import type { MurdInputs } from './murd-losses';
import { discriminatorLoss, murdLoss } from './murd-losses';
import type { MurdWeights } from '../network/murd-network';
import type { MurdSettings } from '../murd-settings';
import type { JudgedImages } from './murd-validation';
import { judgeMurd } from './murd-validation';

/** The networks by the names under which they are trained. */
export type MurdNetworks = MurdWeights<WeightArray>;

/** Images with where they are from and where they are to go. */
export interface MurdBatch {
  readonly images: Float32Array;
  /** 1 where they are not background, else 0. */
  readonly inside: Float32Array;
  /** The domain of each, and the one that it is to be translated to. */
  readonly source: readonly number[];
  readonly target: readonly number[];
  /** The share of its weight that the diversity term has left. */
  readonly diversity: number;
}

/** The most images that the networks are judged on. */
const judgedImages = 96;

/** One fit while it is set up. */
export class MurdTraining {
  readonly heldOut: HeldOut;
  readonly record: JsonObject;

  constructor(
    private readonly samples: ImageSamples,
    private readonly given: {
      readonly architecture: MurdArchitecture;
      readonly settings: MurdSettings;
      readonly found: FoundDomains;
      readonly targets: readonly (readonly number[])[];
      readonly seed: number;
      /** The weights to start from, and what is said of them in the record. */
      readonly initial: MurdNetworks;
      readonly start: JsonObject;
    },
  ) {
    const { settings, seed, architecture } = given;
    const split = { share: settings.heldOut, seed: deriveSeed(seed, 1) };
    const { participants, subjects } = samples.cohort;
    // A domain is a site and a contrast there: each keeps somebody to learn from.
    const sites = Array.from(given.found.ofRow, String);
    this.heldOut = holdOut(
      { participants: { ids: participants.ids, sites }, subjects, rows: samples.rows },
      split,
    );
    this.record = toJsonObject({ ...architecture, ...settings, ...given.start });
  }

  /** What is trained on what, towards what. */
  async plan(batchSize: number, steps: number): Promise<TrainingPlan<MurdNetworks, MurdBatch>> {
    const { samples, given } = this;
    const { architecture, found, seed } = given;
    const draw = imageBatches(samples.source, {
      batchSize,
      seed: deriveSeed(seed, 3),
      among: this.heldOut.learned,
      balance: Array.from(samples.rows, (row) => String(found.ofRow[row])),
    });
    const judged = await this.readJudged();
    return {
      label: 'training MURD',
      networks: given.initial,
      updates: this.updates(steps),
      batch: async (step) => {
        const { images, positions } = await draw(step);
        const inside = insideOf(samples, images, positions);
        const domains = Array.from(positions, (position) => found.ofRow[samples.rows[position]]);
        return this.batchOf({ images, inside }, domains, { step, steps });
      },
      validate: async (networks) => (await judgeMurd(networks, judged, { architecture })).metric,
      fingerprint: { ...this.record, samples: samples.digest },
    };
  }

  /** The images held out, with their domains. */
  async readJudged(): Promise<JudgedImages> {
    const { samples, given } = this;
    const { positions, ...read } = await readHeldOutImages(samples, this.heldOut.validated, judgedImages);
    return {
      ...read,
      domains: positions.map((position) => given.found.ofRow[samples.rows[position]]),
      targets: given.targets,
      count: given.found.domains.length,
    };
  }

  private updates(steps: number): Update<MurdNetworks, MurdBatch>[] {
    const { learningRate, styleGeneratorRate, weights } = this.given.settings;
    const optimizer = {
      // The paper's plan: constant for half of the steps, then in a line to 0.
      learningRate: { kind: 'linear', rate: learningRate, steps, constantUntil: 0.5 },
      beta1: 0,
      beta2: 0.99,
    } as const;
    const critic: Update<MurdNetworks, MurdBatch> = {
      name: 'discriminator',
      trains: ['critic'],
      optimizer,
      loss: (networks, batch, random) => discriminatorLoss(networks, this.inputs(batch, random), weights),
    };
    const rest: Update<MurdNetworks, MurdBatch> = {
      name: 'generator',
      trains: ['content', 'style', 'styles', 'generator'],
      optimizer: { ...optimizer, multipliers: { styles: styleGeneratorRate } },
      loss: (networks, batch, random) =>
        murdLoss(networks, this.inputs(batch, random), {
          ...weights,
          diversity: weights.diversity * batch.diversity,
        }),
    };
    return weights.adversarial > 0 ? [critic, rest] : [rest];
  }

  private inputs({ images, inside, source, target }: MurdBatch, random: Random): MurdInputs {
    const { architecture, found } = this.given;
    const { imageShape, latentSize, contentNoise } = architecture;
    const latents = (): Tensor2D => normalNoise<Rank.R2>(random, [source.length, latentSize]);
    return {
      images: rowsTensor<Tensor4D>(images, imageShape),
      inside: rowsTensor<Tensor4D>(inside, imageShape),
      source: oneHot(source, found.domains.length),
      target: oneHot(target, found.domains.length),
      latents: latents(),
      otherLatents: latents(),
      contentNoise: contentNoise === 0 ? undefined : noiseOf(random, contentNoise),
    };
  }

  private batchOf(
    { images, inside }: Pick<MurdBatch, 'images' | 'inside'>,
    source: readonly number[],
    { step, steps }: { readonly step: number; readonly steps: number },
  ): MurdBatch {
    const { targets, seed, settings } = this.given;
    const random = makeRandom(deriveSeed(deriveSeed(seed, 4), step));
    const target = source.map((domain) => {
      const others = targets[domain];
      return others[Math.floor(random.uniform() * others.length)];
    });
    const { diversityUntil } = settings;
    const diversity = diversityUntil === 0 ? 0 : Math.max(0, 1 - step / (diversityUntil * steps));
    return { images, inside, source, target, diversity };
  }
}

function noiseOf(random: Random, deviation: number): (content: Tensor4D) => Tensor4D {
  return (content) =>
    tidy(() => add<Tensor4D>(content, mul(normalNoise<Rank.R4>(random, content.shape), deviation)));
}
