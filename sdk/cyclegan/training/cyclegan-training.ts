import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { JsonObject } from '../../data/json';
import { toJsonObject } from '../../data/json';
import type { WeightArray } from '../../data/networks/weights';
import { deriveSeed } from '../../math/random';
import { rowsTensor } from '../../nn/images/image-model';
import type { ImageSamples } from '../../nn/images/image-samples';
import { insideOf } from '../../nn/images/inside-of';
import type { HeldOutImages } from '../../nn/images/held-out-images';
import { readHeldOutImages } from '../../nn/images/held-out-images';
import type { HeldOut } from '../../nn/train/hold-out';
import { holdOut } from '../../nn/train/hold-out';
import type { ImageBatches } from '../../nn/train/image-batches';
import { imageBatches } from '../../nn/train/image-batches';
import type { TrainingPlan, Update } from '../../nn/train/training-plan';
import { countParameters } from '../../nn/weight-trees';
import type { CycleganArchitecture } from '../cyclegan-model';
import type { CycleganSettings } from '../cyclegan-settings';
import type { CycleganTensors, CycleganWeights } from '../network/cyclegan-network';
import { initCyclegan } from '../network/cyclegan-network';
import type { SitePair } from '../pairs';
import { networksInWords, pairsOf } from '../pairs';
import type { PairInputs, PairNetworks, SiteInputs } from './cyclegan-losses';
import { criticsLoss, generatorsLoss } from './cyclegan-losses';
import { judgeCyclegan } from './cyclegan-validation';
import type { ImageHistory } from './image-history';
import { makeImageHistory } from './image-history';

/** The networks by the names under which they are trained. */
export type CycleganNetworks = CycleganWeights<WeightArray>;

/** Images of one site, and where they are not background: 1, else 0. */
interface SiteBatch {
  readonly images: Float32Array;
  readonly inside: Float32Array;
}

/** Images of each site. */
export type CycleganBatch = readonly SiteBatch[];

/** The most images that the networks are judged on. */
const judgedImages = 96;

/** One fit while it is set up. */
export class CycleganTraining {
  readonly heldOut: HeldOut;
  readonly pairs: readonly SitePair[];
  readonly record: JsonObject;

  constructor(
    private readonly samples: ImageSamples,
    private readonly given: {
      readonly architecture: CycleganArchitecture;
      readonly settings: CycleganSettings;
      readonly hub: string | undefined;
      readonly seed: number;
    },
  ) {
    const { settings, seed, architecture, hub } = given;
    const split = { share: settings.heldOut, seed: deriveSeed(seed, 1) };
    this.heldOut = holdOut({ ...samples.cohort, rows: samples.rows }, split);
    this.pairs = pairsOf(samples.sites, hub);
    this.record = toJsonObject({ ...architecture, ...settings, hub: hub ?? null });
  }

  /** What is trained on what, towards what. */
  async plan(batchSize: number, steps: number): Promise<TrainingPlan<CycleganNetworks, CycleganBatch>> {
    const { samples, given, pairs } = this;
    const { architecture, settings, seed } = given;
    const draws = this.drawsOfSites(batchSize);
    const judged = await this.readJudged();
    const networks = initCyclegan(deriveSeed(seed, 0), architecture, pairs.length);
    const history = makeImageHistory(pairs.length, settings.historySize, architecture.imageShape);
    const millions = (countParameters(networks) / 1e6).toFixed(1);
    return {
      // Whoever starts a run sees what it costs, before the first step.
      label: `training ${networksInWords(pairs)}, ${millions} million weights`,
      networks,
      updates: pairs.flatMap((_, pair) => this.updates(pair, steps, history)),
      batch: (step) =>
        Promise.all(
          draws.map(async (draw) => {
            const { images, positions } = await draw(step);
            return { images, inside: insideOf(samples, images, positions) };
          }),
        ),
      validate: async (tensors) => (await judgeCyclegan(tensors, judged, { architecture, pairs })).metric,
      memory: history,
      fingerprint: { ...this.record, samples: samples.digest },
    };
  }

  /** The images held out of each site. */
  async readJudged(): Promise<readonly HeldOutImages[]> {
    const { samples, heldOut } = this;
    const most = Math.max(1, Math.floor(judgedImages / samples.sites.length));
    return Promise.all(
      samples.sites.map((_, site) => readHeldOutImages(samples, this.ofSite(heldOut.validated, site), most)),
    );
  }

  private ofSite(positions: readonly number[], site: number): readonly number[] {
    const { rows, sites, cohort } = this.samples;
    return positions.filter((position) => cohort.participants.sites[rows[position]] === sites[site]);
  }

  /** The images of a step are divided among the sites, the same number of each and one at least. */
  private drawsOfSites(batchSize: number): readonly ImageBatches[] {
    const { sites, source } = this.samples;
    return sites.map((_, site) => {
      const among = this.ofSite(this.heldOut.learned, site);
      return imageBatches(source, {
        batchSize: Math.ceil(batchSize / sites.length),
        seed: deriveSeed(deriveSeed(this.given.seed, 3), site),
        sharedBy: sites.length,
        among,
      });
    });
  }

  private updates(
    pair: number,
    steps: number,
    { pools }: ImageHistory,
  ): Update<CycleganNetworks, CycleganBatch>[] {
    const { learningRate, weights } = this.given.settings;
    const optimizer = {
      // Constant for half of the steps, then in a line to 0.
      learningRate: { kind: 'linear', rate: learningRate, steps, constantUntil: 0.5 },
      beta1: 0.5,
      beta2: 0.999,
    } as const;
    const { first, second } = pools[pair];
    const critics: Update<CycleganNetworks, CycleganBatch> = {
      name: `critics${pair}`,
      trains: [`critics${pair}`],
      optimizer,
      loss: (networks, batch, random) =>
        criticsLoss(networksOf(networks, pair), this.inputs(pair, batch), {
          first: (made) => first.exchange(made, random),
          second: (made) => second.exchange(made, random),
        }),
    };
    const generators: Update<CycleganNetworks, CycleganBatch> = {
      name: `generators${pair}`,
      trains: [`generators${pair}`],
      optimizer,
      loss: (networks, batch) =>
        generatorsLoss(networksOf(networks, pair), this.inputs(pair, batch), weights),
    };
    return weights.adversarial > 0 ? [critics, generators] : [generators];
  }

  private inputs(pair: number, batch: CycleganBatch): PairInputs {
    const { imageShape } = this.given.architecture;
    const { first, second } = this.pairs[pair];
    const inputs = ({ images, inside }: SiteBatch): SiteInputs => ({
      images: rowsTensor<Tensor4D>(images, imageShape),
      inside: rowsTensor<Tensor4D>(inside, imageShape),
    });
    return { first: inputs(batch[first]), second: inputs(batch[second]) };
  }
}

function networksOf(networks: CycleganTensors, pair: number): PairNetworks {
  return { generators: networks[`generators${pair}`], critics: networks[`critics${pair}`] };
}
