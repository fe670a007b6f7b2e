import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core';
import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../data/cohort';
import { requireOneSuffix } from '../../data/cohort';
import { digestOf } from '../../data/digest';
import type { JsonObject } from '../../data/json';
import { imageSource } from '../../data/memory-source';
import { provenanceStep } from '../../data/provenance';
import type { CohortSource } from '../../data/slice-source';
import { requireFiniteImages } from '../../data/slice-source';
import type { WeightArray } from '../../data/weights';
import { deriveSeed, makeRandom } from '../../math/random';
import { meanSquaredError } from '../losses/squared-error';
import { evenly } from '../images/positions';
import type { TensorsOf } from '../parameters';
import type { Augmentation } from '../train/augment';
import type { ImageBatch } from '../train/image-batches';
import { imageBatches } from '../train/image-batches';
import { requireSeed, train } from '../train/train';
import type { TrainOptions } from '../train/train-options';
import type { TrainingPlan } from '../train/training-plan';
import type { AutoencoderArchitecture, AutoencoderModel } from './autoencoder-model';
import type { AutoencoderWeights } from './autoencoder-network';
import { decodeAutoencoder, encodeAutoencoder, initAutoencoder } from './autoencoder-network';
import type { HeldOut } from './hold-out';
import { holdOut } from './hold-out';
import type { IntensityScale } from './intensity-scale';
import { measureIntensity, scaleIntensities } from './intensity-scale';

/** Options of {@link fitAutoencoder}. */
export interface FitAutoencoderOptions extends Partial<Omit<TrainOptions, 'averageDecay'>> {
  /**
   * Channels after the first convolution, a multiple of 4; every halving of the image doubles them.
   *
   * @defaultValue 16
   */
  readonly width?: number;
  /**
   * How often the image is halved on its way to the code.
   *
   * @defaultValue 3
   */
  readonly levels?: number;
  /**
   * Channels of the code.
   *
   * @defaultValue 8
   */
  readonly codeChannels?: number;
  /**
   * The learning rate at its highest; it falls along a cosine over the steps.
   *
   * @defaultValue 0.002
   */
  readonly learningRate?: number;
  /**
   * The share of people (all their images) that the network is not trained but judged on.
   *
   * @defaultValue 0.1
   */
  readonly heldOut?: number;
  /**
   * Random changes to each training image.
   *
   * @defaultValue none
   */
  readonly augment?: Augmentation;
}

/** The network under the name by which it is trained. */
type Networks = { readonly autoencoder: AutoencoderWeights<WeightArray> };

/** The most images that the network is judged on. */
const judgedImages = 128;

/**
 * Trains a convolutional autoencoder: convolutions of stride 2 down to a narrow code, nearest-neighbour upsampling and
 * convolutions back, group normalization and SiLU between; mean squared error, Adam. It is the simplest network here:
 * to see a backend train, to learn from, and as a baseline for what a code can hold.
 *
 * @param data - slices of one size; a cohort, or a source that reads them when needed (`openImages`, `volumeSource`)
 * @returns the weights that did best on people held out
 * @throws ConcordError `invalid-option`, `too-little-data`, `invalid-voxels`, `aborted`, `diverged`,
 * `unavailable-backend`.
 * @example
 * ```ts
 * const model = await fitAutoencoder(slices, { steps: 500, seed: 1, checkpoints: checkpointFolder('runs/ae') });
 * ```
 */
export async function fitAutoencoder(
  data: ImageCohort | CohortSource,
  options: FitAutoencoderOptions = {},
): Promise<AutoencoderModel> {
  const { width = 16, levels = 3, codeChannels = 8, learningRate = 0.002, augment } = options;
  const { seed = 0, steps = 1000, batchSize = 16, heldOut: share = 0.1 } = options;
  const source = 'kind' in data ? imageSource(data) : data;
  requireOneSuffix('fitAutoencoder', source);
  // Everything is drawn from it, also before the training itself looks at its options.
  requireSeed(seed);
  const architecture: AutoencoderArchitecture = { imageShape: source.shape, width, levels, codeChannels };
  // Drawn before any image is read, so that sizes that do not fit are known at once.
  const weights = initAutoencoder(makeRandom(deriveSeed(seed, 0)), architecture);
  const { training, judged, ids } = holdOut(source, { share, seed: deriveSeed(seed, 1) });
  const judge = await readJudged(judged);
  const intensity = await measureIntensity(training, deriveSeed(seed, 2));
  const settings = { ...architecture, learningRate, heldOut: share, augment: augment ?? null };
  const plan: TrainingPlan<Networks, ImageBatch> = {
    label: 'training the autoencoder',
    networks: { autoencoder: weights },
    updates: [
      {
        name: 'autoencoder',
        trains: ['autoencoder'],
        optimizer: {
          learningRate: { kind: 'cosine', rate: learningRate, steps, warmUpSteps: 10 },
          clipNorm: 1,
        },
        loss: ({ autoencoder }, batch) => ({ total: reconstructionError(autoencoder, batch, intensity) }),
      },
    ],
    batch: imageBatches(training, { batchSize, seed: deriveSeed(seed, 3), augment }),
    validate: validationOf(judge, batchSize, intensity),
    fingerprint: JSON.parse(
      JSON.stringify({ ...settings, intensity, images: imagesDigest(data, judge) }),
    ) as JsonObject,
  };
  const { networks, record, issues } = await train(plan, { ...options, steps, seed, batchSize });
  return {
    kind: 'autoencoder',
    architecture,
    intensity,
    weights: networks.autoencoder,
    training: record,
    heldOut: ids,
    provenance: [
      ...source.provenance,
      provenanceStep('fitAutoencoder', { ...settings, steps, batchSize }, seed),
    ],
    issues: [...source.issues, ...issues],
  };
}

/** The mean squared error, in units of the training images' variance. Runs within `tidy`. */
function reconstructionError(
  weights: TensorsOf<AutoencoderWeights<WeightArray>>,
  { images, shape }: Pick<ImageBatch, 'images' | 'shape'>,
  intensity: IntensityScale,
): Scalar {
  const scaled: Tensor4D = tensor4d(scaleIntensities(images, intensity), [...shape]);
  return meanSquaredError(decodeAutoencoder(weights, encodeAutoencoder(weights, scaled)), scaled);
}

/** The images that a network is judged on. */
interface JudgedImages {
  readonly images: Float32Array;
  readonly shape: ImageBatch['shape'];
}

/** Reads the images held out, once. */
async function readJudged({ source, positions }: HeldOut['judged']): Promise<JudgedImages> {
  const taken = evenly(positions, judgedImages);
  const images = await source.read(taken);
  requireFiniteImages(images, taken, source);
  return { images, shape: [taken.length, ...source.shape] };
}

/**
 * Tells the images of one run from those of another: what each shows, and the pixels, all of them where they are in
 * memory, else those that the network is judged on (a sample of the others is in the intensity scale).
 */
function imagesDigest(data: ImageCohort | CohortSource, judged: JudgedImages): string {
  const { slices } = 'kind' in data ? data.images : data;
  return digestOf(slices, 'kind' in data ? data.images.data : judged.images);
}

/** Judges the network on images held out, batch by batch. */
function validationOf(
  { images, shape: [all, ...shape] }: JudgedImages,
  batchSize: number,
  intensity: IntensityScale,
): (networks: TensorsOf<Networks>) => Promise<number> {
  const size = images.length / all;
  return async ({ autoencoder }) => {
    let sum = 0;
    for (let from = 0; from < all; from += batchSize) {
      const count = Math.min(batchSize, all - from);
      const part = images.subarray(from * size, (from + count) * size);
      const error = tidy(() =>
        reconstructionError(autoencoder, { images: part, shape: [count, ...shape] }, intensity),
      );
      sum += (await error.data())[0] * count;
      error.dispose();
    }
    return sum / all;
  };
}
