import type { Tensor2D } from '@tensorflow/tfjs-core';
import { siteCodes } from '../../data/people/participants';
import { deriveSeed, makeRandom } from '../../math/random';
import type { Features } from '../../nn/blocks/convolution';
import { rowsTensor } from '../../nn/images/image-model';
import { evenly } from '../../nn/images/positions';
import { oneHot } from '../../nn/ops/one-hot';
import { augmentImages } from '../../nn/train/augment';
import type { HeldOut } from '../../nn/train/hold-out';
import { imageBatches } from '../../nn/train/image-batches';
import type { DdaeInputs } from './ddae-losses';
import type { DdaeSettings } from '../ddae-settings';
import type { JudgedBatch } from './ddae-validation';
import type { KnownVariable } from '../samples/known-variables';
import { encodeKnown, takeVariables } from '../samples/known-variables';
import type { Samples } from '../samples/samples';
import { sharesOfSite } from '../samples/site-shares';

/** The most samples that the network is judged on. */
const judgedSamples = 128;

/** A batch with what is known of whom it shows. */
export interface DdaeBatch {
  readonly images: Float32Array;
  /** What the encoder sees of them. */
  readonly disguised: Float32Array;
  /** The known variables of each, one row after the other. */
  readonly variables: Float32Array;
  /** The site of each, from 0. */
  readonly sites: readonly number[];
  /** The share of its weight that the independence term has so far. */
  readonly grown: number;
}

/** The samples of one fit, drawn and put on the backend. */
export class DdaeBatches {
  private readonly variables: Float32Array;
  private readonly siteOf: Int32Array;

  constructor(
    private readonly samples: Samples,
    private readonly given: {
      readonly settings: DdaeSettings;
      readonly seed: number;
      readonly sites: readonly string[];
      readonly known: readonly KnownVariable[];
    },
  ) {
    const { participants } = samples;
    const { sites, known } = given;
    this.siteOf = siteCodes(participants, sites);
    const shares = participants.sites.map((site) => sharesOfSite(sites, site));
    this.variables = encodeKnown(participants, shares, known);
  }

  /** Draws the batch of a step among the positions given. */
  draw({
    batchSize,
    steps,
    among,
  }: {
    readonly batchSize: number;
    readonly steps: number;
    readonly among: HeldOut['learned'];
  }): (step: number) => Promise<DdaeBatch> {
    const { source, rows, participants } = this.samples;
    const draw = imageBatches(source, {
      batchSize,
      seed: deriveSeed(this.given.seed, 3),
      among,
      balance: Array.from(rows, (row) => participants.sites[row]),
    });
    return async (step) => {
      const { images, positions } = await draw(step);
      const disguised = this.disguise(images, positions, step);
      return this.batchOf(images, positions, { disguised, grown: Math.min(1, step / (0.2 * steps)) });
    };
  }

  /** The sites of samples, from 0. */
  sitesOf(positions: ArrayLike<number>): number[] {
    const { rows } = this.samples;
    return Array.from(positions, (position) => this.siteOf[rows[position]]);
  }

  /** The samples held out, a few at a time. */
  async judged(validated: HeldOut['validated'], batchSize: number): Promise<JudgedBatch[]> {
    const positions = evenly(validated, judgedSamples);
    const batches: JudgedBatch[] = [];
    for (let from = 0; from < positions.length; from += batchSize) {
      const some = positions.slice(from, from + batchSize);
      const images = await this.samples.source.read(some);
      const batch = this.batchOf(images, some, { disguised: images, grown: 1 });
      batches.push({ count: some.length, inputs: () => this.inputs(batch) });
    }
    return batches;
  }

  /** Puts a batch on the backend. Runs within `tidy`. */
  inputs({ images, disguised, variables, sites, grown }: DdaeBatch): DdaeInputs {
    const { sampleShape } = this.samples;
    return {
      clean: rowsTensor<Features>(images, sampleShape),
      disguised: rowsTensor<Features>(disguised, sampleShape),
      variables: rowsTensor<Tensor2D>(variables, [variables.length / sites.length]),
      sites: oneHot(sites, this.given.sites.length),
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
    { disguised, grown }: Pick<DdaeBatch, 'disguised' | 'grown'>,
  ): DdaeBatch {
    const { rows, participants } = this.samples;
    const ofRows = Array.from(positions, (position) => rows[position]);
    const variables = takeVariables(this.variables, ofRows, participants.ids.length);
    return { images, disguised, variables, sites: this.sitesOf(positions), grown };
  }
}
