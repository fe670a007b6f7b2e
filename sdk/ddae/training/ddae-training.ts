import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { JsonObject } from '../../data/json';
import { toJsonObject } from '../../data/json';
import { siteCodes, siteNames } from '../../data/people/participants';
import type { WeightArray } from '../../data/networks/weights';
import { makeNoiseSchedule } from '../../diffusion/noise-schedule';
import { ConcordError } from '../../errors';
import { deriveSeed, makeRandom } from '../../math/random';
import type { Features } from '../../nn/blocks/convolution';
import { rowsTensor } from '../../nn/images/image-model';
import { evenly, takePositions } from '../../nn/images/positions';
import { oneHot } from '../../nn/ops/one-hot';
import { augmentImages } from '../../nn/train/augment';
import type { HeldOut } from '../../nn/train/hold-out';
import { holdOut } from '../../nn/train/hold-out';
import { imageBatches } from '../../nn/train/image-batches';
import type { TrainingPlan, Update } from '../../nn/train/training-plan';
import type { DdaeInputs, DdaeLossSetting } from './ddae-losses';
import { ddaeLoss, siteCriticLoss } from './ddae-losses';
import type { DdaeLayout, DdaeWeights } from '../network/ddae-network';
import { initDdae } from '../network/ddae-network';
import type { DdaeSettings } from '../ddae-settings';
import type { JudgedBatch } from './ddae-validation';
import { judgeDdae } from './ddae-validation';
import { eraseSites } from './erase-sites';
import type { SiteCritic } from './independence';
import { initSiteCritic } from './independence';
import type { KnownVariable } from '../samples/known-variables';
import { encodeKnown, knownLength, learnKnownVariables, takeVariables } from '../samples/known-variables';
import type { Samples } from '../samples/samples';
import { sharesOfSite } from '../samples/source-sites';

/** The networks by the names under which they are trained. */
type Networks = {
  readonly ddae: DdaeWeights<WeightArray>;
  readonly critic?: SiteCritic<WeightArray>;
};

/** A batch with what is known of whom it shows. */
interface Batch {
  readonly images: Float32Array;
  /** What the encoder sees of them. */
  readonly disguised: Float32Array;
  /** The known variables of each, one row after the other. */
  readonly variables: Float32Array;
  /** The site of each, from 0. */
  readonly sites: readonly number[];
  /** The share of its weight that the independence term has yet. */
  readonly grown: number;
}

/** The most images that the network is judged on, and that codes are compared between sites on. */
const judgedImages = 128;
const erasedFrom = 10_000;

/** One fit while it is set up. */
export class DdaeTraining {
  readonly sites: readonly string[];
  readonly known: readonly KnownVariable[];
  readonly heldOut: HeldOut;
  readonly record: JsonObject;
  private readonly setting: DdaeLossSetting;
  private readonly variables: Float32Array;
  private readonly siteOf: Int32Array;

  constructor(
    private readonly samples: Samples,
    private readonly given: {
      readonly layout: DdaeLayout;
      readonly settings: DdaeSettings;
      readonly names: readonly string[];
      readonly seed: number;
    },
  ) {
    const { participants } = samples;
    const { settings, seed, layout, names } = given;
    this.sites = siteNames(participants);
    this.known = learnKnownVariables(participants, names);
    this.siteOf = siteCodes(participants, this.sites);
    const shares = participants.sites.map((site) => sharesOfSite(this.sites, site));
    this.variables = encodeKnown(participants, shares, this.known);
    const { schedule: kind, times: steps } = settings.diffusion;
    this.setting = { layout, settings, schedule: makeNoiseSchedule({ kind, steps }) };
    this.heldOut = holdOut(samples, { share: settings.heldOut, seed: deriveSeed(seed, 1) });
    this.record = toJsonObject({ ...layout.architecture, ...settings, known: names });
  }

  /** What is trained on what, towards what. */
  async plan(batchSize: number, steps: number): Promise<TrainingPlan<Networks, Batch>> {
    const { source, rows, participants, digest } = this.samples;
    const { seed } = this.given;
    const draw = imageBatches(source, {
      batchSize,
      seed: deriveSeed(seed, 3),
      among: this.heldOut.learned,
      balance: Array.from(rows, (row) => participants.sites[row]),
    });
    const judged = await this.readJudged(batchSize);
    return {
      label: 'training the DDAE',
      networks: this.networks(),
      updates: this.updates(steps),
      batch: async (step) => {
        const { images, positions } = await draw(step);
        const disguised = this.disguise(images, positions, step);
        return this.batchOf(images, positions, { disguised, grown: Math.min(1, step / (0.2 * steps)) });
      },
      validate: (networks) =>
        judgeDdae(networks, judged, { ...this.setting, random: makeRandom(deriveSeed(seed, 5)) }),
      fingerprint: { ...this.record, samples: digest },
    };
  }

  /** The weights with an encoder from whose codes no linear map reads the site, on what it learned from. */
  async withoutSites(
    weights: DdaeWeights<WeightArray>,
    run: { readonly batchSize: number; readonly signal?: AbortSignal },
  ): Promise<DdaeWeights<WeightArray>> {
    const { source, rows, places } = this.samples;
    const positions = evenly(this.heldOut.learned, erasedFrom);
    const sited = {
      source: takePositions(source, positions),
      sites: positions.map((position) => this.siteOf[rows[position]]),
      places: positions.map((position) => places[position]),
    };
    const { layout } = this.given;
    return { ...weights, semantic: await eraseSites(weights.semantic, sited, { layout, ...run }) };
  }

  private networks(): Networks {
    const { seed, layout, settings } = this.given;
    const ddae = initDdae(deriveSeed(seed, 0), layout, knownLength(this.sites, this.known));
    if (settings.independence !== 'adversarial') return { ddae };
    const { unknownSize } = layout.architecture;
    return { ddae, critic: initSiteCritic(makeRandom(deriveSeed(seed, 4)), unknownSize, this.sites.length) };
  }

  private updates(steps: number): Update<Networks, Batch>[] {
    const { independence, learningRate: rate } = this.given.settings;
    const learningRate = { kind: 'cosine', rate, steps, warmUpSteps: Math.min(200, steps) } as const;
    const ddae: Update<Networks, Batch> = {
      name: 'ddae',
      trains: ['ddae'],
      optimizer: { learningRate, clipNorm: 1 },
      loss: (networks, batch, random) => ddaeLoss(networks, this.inputs(batch), { ...this.setting, random }),
    };
    const critic: Update<Networks, Batch> = {
      name: 'critic',
      trains: ['critic'],
      optimizer: { learningRate },
      loss: (networks, batch) => {
        if (networks.critic === undefined) throw new ConcordError('invalid-option', 'there is no critic');
        return siteCriticLoss({ ...networks, critic: networks.critic }, this.inputs(batch), this.setting);
      },
    };
    return independence === 'adversarial' ? [ddae, critic] : [ddae];
  }

  /** Puts a batch on the backend. Runs within `tidy`. */
  private inputs({ images, disguised, variables, sites, grown }: Batch): DdaeInputs {
    const { sampleShape } = this.samples;
    return {
      clean: rowsTensor<Features>(images, sampleShape),
      disguised: rowsTensor<Features>(disguised, sampleShape),
      variables: rowsTensor<Tensor2D>(variables, [variables.length / sites.length]),
      sites: oneHot(sites, this.sites.length),
      grown,
    };
  }

  private disguise(images: Float32Array, positions: Int32Array, step: number): Float32Array {
    const { sampleShape, rows, asElsewhere } = this.samples;
    const { settings, seed } = this.given;
    const random = makeRandom(deriveSeed(deriveSeed(seed, 7), step));
    const ofRows = Array.from(positions, (position) => rows[position]);
    const seen = asElsewhere?.(images, ofRows, random) ?? images;
    const [height, width, channels] = sampleShape.length === 3 ? sampleShape : [sampleShape[0], 1, 1];
    return augmentImages(seen, [positions.length, height, width, channels], {
      augment: settings.disguise,
      seed: deriveSeed(deriveSeed(seed, 6), step),
    });
  }

  private batchOf(
    images: Float32Array,
    positions: ArrayLike<number>,
    { disguised, grown }: Pick<Batch, 'disguised' | 'grown'>,
  ): Batch {
    const { rows, participants } = this.samples;
    const ofRows = Array.from(positions, (position) => rows[position]);
    const variables = takeVariables(this.variables, ofRows, participants.ids.length);
    return { images, disguised, variables, sites: ofRows.map((row) => this.siteOf[row]), grown };
  }

  /** The images held out, a few at a time. */
  private async readJudged(batchSize: number): Promise<JudgedBatch[]> {
    const { validated } = this.heldOut;
    const positions = evenly(validated, judgedImages);
    const batches: JudgedBatch[] = [];
    for (let from = 0; from < positions.length; from += batchSize) {
      const some = positions.slice(from, from + batchSize);
      const images = await this.samples.source.read(some);
      const batch = this.batchOf(images, some, { disguised: images, grown: 1 });
      batches.push({ count: some.length, inputs: () => this.inputs(batch) });
    }
    return batches;
  }
}
