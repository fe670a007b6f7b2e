import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, mul, tensor, tensor2d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { JsonObject } from '../data/json';
import type { WeightArray } from '../data/weights';
import type { Random } from '../math/random';
import { deriveSeed, makeRandom } from '../math/random';
import type { ImageSamples } from '../nn/images/image-samples';
import { evenly, takeImages } from '../nn/images/positions';
import { toUnit } from '../nn/images/scan-intensity';
import { imageBatches } from '../nn/train/image-batches';
import { splitPeople } from '../nn/train/split-people';
import type { TrainingPlan, Update } from '../nn/train/training-plan';
import type { FoundDomains } from './domains';
import type { MurdLossWeights } from './loss-weights';
import type { MurdArchitecture } from './murd-model';
import type { MurdInputs } from './murd-losses';
import { discriminatorLoss, murdLoss } from './murd-losses';
import type { MurdWeights } from './murd-network';
import type { JudgedImages } from './murd-validation';
import { judge } from './murd-validation';

/** The options that shape a training, with defaults. */
export type MurdSettings = {
  readonly weights: MurdLossWeights;
  /** The share of the steps after which styles need no longer differ. */
  readonly diversityUntil: number;
  readonly learningRate: number;
  readonly styleGeneratorRate: number;
  readonly heldOut: number;
};

/** The networks by the names under which they are trained. */
export type MurdNetworks = MurdWeights<WeightArray>;

/** Images with where they are from and where they are to go. */
export interface MurdBatch {
  readonly images: Float32Array;
  /** 1 where they are not background, else 0. */
  readonly inside: Float32Array;
  readonly count: number;
  readonly source: Float32Array;
  readonly target: Float32Array;
  /** The share of its weight that the diversity term has left. */
  readonly diversity: number;
}

/** The most images that the networks are judged on. */
const judgedImages = 96;

/** One fit while it is set up. */
export class MurdTraining {
  readonly heldOut: readonly string[];
  readonly record: JsonObject;
  private readonly judged: readonly number[];
  private readonly learnt: readonly number[];

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
    const { cohort, rows } = samples;
    const { settings, seed, architecture } = given;
    const { subjects, participants } = cohort;
    const chosen = splitPeople(subjects, { share: settings.heldOut, seed: deriveSeed(seed, 1) });
    this.heldOut = participants.ids.filter((_, row) => chosen.has(subjects[row]));
    const isJudged = (position: number): boolean => chosen.has(subjects[rows[position]]);
    const positions = Array.from(rows.keys());
    this.judged = positions.filter(isJudged);
    this.learnt = positions.filter((position) => !isJudged(position));
    this.record = JSON.parse(JSON.stringify({ ...architecture, ...settings, ...given.start })) as JsonObject;
  }

  /** What is trained on what, towards what. */
  async plan(batchSize: number, steps: number): Promise<TrainingPlan<MurdNetworks, MurdBatch>> {
    const { samples, given } = this;
    const { architecture, found, seed } = given;
    const domainOf = (position: number): number => found.ofRow[samples.rows[position]];
    const draw = imageBatches(takeImages(samples.source, this.learnt), {
      batchSize,
      seed: deriveSeed(seed, 3),
      balance: this.learnt.map((position) => String(domainOf(position))),
    });
    const judged = await this.readJudged();
    return {
      label: 'training MURD',
      networks: given.initial,
      updates: this.updates(steps),
      batch: async (step) => {
        const { images, positions } = await draw(step);
        const drawn = Array.from(positions, (at) => this.learnt[at]);
        const inside = this.insideOf(images, drawn);
        return this.batchOf({ images, inside }, drawn.map(domainOf), { step, steps });
      },
      validate: async (networks) => (await judge(networks, judged, { architecture })).metric,
      fingerprint: { ...this.record, samples: samples.digest },
    };
  }

  /** The images held out, with their domains. */
  async readJudged(): Promise<JudgedImages> {
    const { samples, given } = this;
    const positions = evenly(this.judged, judgedImages);
    const raw = await samples.cohort.read(positions);
    return {
      images: await samples.source.read(positions),
      inside: Uint8Array.from(raw, (value) => (value === 0 ? 0 : 1)),
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

  private inputs({ images, inside, count, source, target }: MurdBatch, random: Random): MurdInputs {
    const { imageShape, latentSize, contentNoise } = this.given.architecture;
    const heads = source.length / count;
    const latents = (): Tensor2D =>
      tensor2d(
        Float32Array.from({ length: count * latentSize }, () => random.normal()),
        [count, latentSize],
      );
    return {
      images: tensor4d(images, [count, ...imageShape]),
      inside: tensor4d(inside, [count, ...imageShape]),
      source: tensor2d(source, [count, heads]),
      target: tensor2d(target, [count, heads]),
      latents: latents(),
      otherLatents: latents(),
      ...(contentNoise === 0 ? {} : { contentNoise: noiseOf(random, contentNoise) }),
    };
  }

  /** Background is what is exactly 0 in a scan: after scaling, where 0 came to lie. */
  private insideOf(images: Float32Array, positions: readonly number[]): Float32Array {
    const { rows, ranges } = this.samples;
    const size = images.length / positions.length;
    const background = Float32Array.from(positions, (position) => toUnit(0, ranges[rows[position]]));
    return images.map((value, at) => (value === background[Math.floor(at / size)] ? 0 : 1));
  }

  private batchOf(
    { images, inside }: Pick<MurdBatch, 'images' | 'inside'>,
    domains: readonly number[],
    { step, steps }: { readonly step: number; readonly steps: number },
  ): MurdBatch {
    const { found, targets, seed, settings } = this.given;
    const heads = found.domains.length;
    const random = makeRandom(deriveSeed(deriveSeed(seed, 4), step));
    const count = domains.length;
    const source = new Float32Array(count * heads);
    const target = new Float32Array(count * heads);
    domains.forEach((domain, i) => {
      const others = targets[domain];
      source[i * heads + domain] = 1;
      target[i * heads + others[Math.floor(random.uniform() * others.length)]] = 1;
    });
    const { diversityUntil } = settings;
    const diversity = diversityUntil === 0 ? 0 : Math.max(0, 1 - step / (diversityUntil * steps));
    return { images, inside, count, source, target, diversity };
  }
}

function noiseOf(random: Random, deviation: number): (content: Tensor4D) => Tensor4D {
  return (content) =>
    tidy(() => {
      const noise = tensor(
        Float32Array.from({ length: content.size }, () => random.normal()),
        content.shape,
      );
      return add<Tensor4D>(content, mul(noise, deviation));
    });
}
