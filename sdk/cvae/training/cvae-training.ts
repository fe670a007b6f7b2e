import type { Rank, Tensor4D } from '@tensorflow/tfjs-core';
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
import type { CvaeArchitecture } from '../cvae-model';
import type { CvaeSettings } from '../cvae-settings';
import type { CvaeWeights } from '../network/cvae-network';
import { initCvae } from '../network/cvae-network';
import type { CvaeInputs } from './cvae-losses';
import { adversaryLoss, cvaeLoss } from './cvae-losses';
import type { JudgedSites } from './cvae-validation';
import { judgeCvae } from './cvae-validation';

/** The networks by the names under which they are trained. */
export type CvaeNetworks = CvaeWeights<WeightArray>;

/** Images with where they are from and where the adversary is to see them. */
export interface CvaeBatch {
  readonly images: Float32Array;
  /** 1 where they are not background, else 0. */
  readonly inside: Float32Array;
  readonly source: readonly number[];
  readonly target: readonly number[];
  /** The share of their weights that the divergences have by now. */
  readonly warm: number;
}

/** The most images that the networks are judged on. */
const judgedImages = 96;

/** One fit while it is set up. */
export class CvaeTraining {
  readonly heldOut: HeldOut;
  readonly record: JsonObject;

  constructor(
    private readonly samples: ImageSamples,
    private readonly given: {
      readonly architecture: CvaeArchitecture;
      readonly settings: CvaeSettings;
      readonly seed: number;
    },
  ) {
    const { settings, seed, architecture } = given;
    const split = { share: settings.heldOut, seed: deriveSeed(seed, 1) };
    this.heldOut = holdOut({ ...samples.cohort, rows: samples.rows }, split);
    this.record = toJsonObject({ ...architecture, ...settings });
  }

  /** What is trained on what, towards what. */
  async plan(batchSize: number, steps: number): Promise<TrainingPlan<CvaeNetworks, CvaeBatch>> {
    const { samples, given } = this;
    const { architecture, seed } = given;
    const siteOf = this.siteOfImages();
    const draw = imageBatches(samples.source, {
      batchSize,
      seed: deriveSeed(seed, 3),
      among: this.heldOut.learned,
      balance: siteOf.map(String),
    });
    const judged = await this.readJudged();
    return {
      label: 'training the cVAE',
      networks: initCvae(deriveSeed(seed, 0), architecture, samples.sites.length),
      updates: this.updates(steps),
      batch: async (step) => {
        const { images, positions } = await draw(step);
        const random = makeRandom(deriveSeed(deriveSeed(seed, 4), step));
        const warmingSteps = given.settings.warmUp * steps;
        return {
          images,
          inside: insideOf(samples, images, positions),
          source: Array.from(positions, (position) => siteOf[position]),
          // Whatever the own site is: else the look of the target would tell where an image is not from.
          target: Array.from(positions, () => Math.floor(random.uniform() * samples.sites.length)),
          warm: warmingSteps === 0 ? 1 : Math.min(1, step / warmingSteps),
        };
      },
      validate: async (networks) => (await judgeCvae(networks, judged, architecture)).reconstruction,
      fingerprint: { ...this.record, samples: samples.digest },
    };
  }

  /** The images held out, with their sites. */
  async readJudged(): Promise<JudgedSites> {
    const { samples } = this;
    const { positions, ...read } = await readHeldOutImages(samples, this.heldOut.validated, judgedImages);
    const siteOf = this.siteOfImages();
    return {
      ...read,
      sites: positions.map((position) => siteOf[position]),
      count: samples.sites.length,
    };
  }

  private siteOfImages(): readonly number[] {
    const { rows, sites, cohort } = this.samples;
    return Array.from(rows, (row) => sites.indexOf(cohort.participants.sites[row]));
  }

  private updates(steps: number): Update<CvaeNetworks, CvaeBatch>[] {
    const { learningRate, weights, deviation } = this.given.settings;
    // Constant for half of the steps, then in a line to 0.
    const optimizer = {
      learningRate: { kind: 'linear', rate: learningRate, steps, constantUntil: 0.5 },
    } as const;
    const adversary: Update<CvaeNetworks, CvaeBatch> = {
      name: 'adversary',
      trains: ['adversary'],
      optimizer,
      loss: (networks, batch, random) => adversaryLoss(networks, this.inputs(batch, random)),
    };
    const rest: Update<CvaeNetworks, CvaeBatch> = {
      name: 'autoencoder',
      trains: ['encoder', 'decoder'],
      optimizer,
      loss: (networks, batch, random) =>
        cvaeLoss(networks, this.inputs(batch, random), { weights, deviation, warm: batch.warm }),
    };
    return weights.adversary > 0 ? [adversary, rest] : [rest];
  }

  private inputs({ images, inside, source, target }: CvaeBatch, random: Random): CvaeInputs {
    const { imageShape, halvings, codeChannels } = this.given.architecture;
    const [rows, columns] = imageShape;
    const unit = 2 ** halvings;
    const sites = this.samples.sites.length;
    return {
      images: rowsTensor<Tensor4D>(images, imageShape),
      inside: rowsTensor<Tensor4D>(inside, imageShape),
      source: oneHot(source, sites),
      target: oneHot(target, sites),
      noise: normalNoise<Rank.R4>(random, [source.length, rows / unit, columns / unit, codeChannels]),
    };
  }
}
