import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core';
import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../data/cohort';
import { requireOneSuffix } from '../../data/cohort';
import type { JsonObject } from '../../data/json';
import { imageSource } from '../../data/memory-source';
import { provenanceStep } from '../../data/provenance';
import type { CohortSource } from '../../data/slice-source';
import { requireFiniteImages } from '../../data/slice-source';
import type { WeightArray } from '../../data/weights';
import { deriveSeed, makeRandom } from '../../math/random';
import { meanSquaredError } from '../losses/squared-error';
import type { TensorsOf } from '../parameters';
import type { Augmentation } from '../train/augment';
import type { ImageBatch } from '../train/image-batches';
import { imageBatches } from '../train/image-batches';
import { train } from '../train/train';
import type { TrainOptions } from '../train/train-options';
import type { TrainingPlan } from '../train/training-plan';
import type { AutoencoderArchitecture, AutoencoderModel } from './autoencoder-model';
import type { AutoencoderWeights } from './autoencoder-network';
import { decodeAutoencoder, encodeAutoencoder, initAutoencoder } from './autoencoder-network';
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
  if ('kind' in data) requireOneSuffix('fitAutoencoder', data);
  const source = 'kind' in data ? imageSource(data) : data;
  const architecture: AutoencoderArchitecture = { imageShape: source.shape, width, levels, codeChannels };
  // Drawn before any image is read, so that sizes that do not fit are known at once.
  const weights = initAutoencoder(makeRandom(deriveSeed(seed, 0)), architecture);
  const subjects = 'kind' in data ? data.subjects : data.participants.ids;
  const { training, judged, ids } = holdOut(source, { subjects, share, seed: deriveSeed(seed, 1) });
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
    validate: await validationOf(judged, batchSize, intensity),
    fingerprint: JSON.parse(JSON.stringify({ ...settings, images: training.count, intensity })) as JsonObject,
  };
  const { networks, record, issues } = await train(plan, { ...options, steps, seed, batchSize });
  const before = 'kind' in data ? data.provenance : [];
  return {
    kind: 'autoencoder',
    architecture,
    intensity,
    weights: networks.autoencoder,
    training: record,
    heldOut: ids,
    provenance: [...before, provenanceStep('fitAutoencoder', { ...settings, steps, batchSize }, seed)],
    issues: [...('kind' in data ? data.issues : []), ...issues],
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

/** Reads the images held out once and judges the network on them, batch by batch. */
async function validationOf(
  { source, positions }: { readonly source: CohortSource; readonly positions: readonly number[] },
  batchSize: number,
  intensity: IntensityScale,
): Promise<(networks: TensorsOf<Networks>) => Promise<number>> {
  const taken = evenly(positions, judgedImages);
  const images = await source.read(taken);
  requireFiniteImages(images, taken, source);
  const size = images.length / taken.length;
  return async ({ autoencoder }) => {
    let sum = 0;
    for (let from = 0; from < taken.length; from += batchSize) {
      const count = Math.min(batchSize, taken.length - from);
      const part = images.subarray(from * size, (from + count) * size);
      const error = tidy(() =>
        reconstructionError(autoencoder, { images: part, shape: [count, ...source.shape] }, intensity),
      );
      sum += (await error.data())[0] * count;
      error.dispose();
    }
    return sum / taken.length;
  };
}

/** At most `count` of the entries, spread evenly. */
function evenly(entries: readonly number[], count: number): readonly number[] {
  if (entries.length <= count) return entries;
  return Array.from({ length: count }, (_, i) => entries[Math.floor(((i + 0.5) * entries.length) / count)]);
}
