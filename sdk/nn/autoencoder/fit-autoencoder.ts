import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core';
import { tensor4d } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../data/cohort';
import { requireOneSuffix, suffixesOf } from '../../data/cohort';
import { digestOf } from '../../data/digest';
import { toJsonObject } from '../../data/json';
import { cohortSource } from '../../data/images/memory-source';
import { provenanceStep } from '../../data/provenance';
import type { CohortSource } from '../../data/images/slice-source';
import { requireFiniteImages } from '../../data/images/slice-source';
import type { WeightArray } from '../../data/networks/weights';
import { deriveSeed, makeRandom } from '../../math/random';
import { learnInput } from '../input/learn-input';
import { measureScanRanges } from '../images/scan-intensity';
import { commonGeometry } from '../images/image-geometry';
import { rowsOfSlices } from '../images/image-samples';
import { evenly, takePositions } from '../images/positions';
import { meanSquaredError } from '../losses/squared-error';
import type { TensorsOf } from '../parameters';
import type { Augmentation } from '../train/augment';
import type { HeldOut } from '../train/hold-out';
import { holdOut } from '../train/hold-out';
import type { ImageBatch } from '../train/image-batches';
import { imageBatches } from '../train/image-batches';
import { meanLoss } from '../train/mean-loss';
import { requireSeed } from '../train/require-seed';
import { train } from '../train/train';
import type { TrainOptions } from '../train/train-options';
import type { TrainingPlan } from '../train/training-plan';
import type { AutoencoderArchitecture, AutoencoderModel } from './autoencoder-model';
import type { AutoencoderWeights } from './autoencoder-network';
import { decodeAutoencoder, encodeAutoencoder, initAutoencoder } from './autoencoder-network';
import type { IntensityScale } from './intensity-scale';
import { measureIntensity, scaleIntensities } from './intensity-scale';
import { requireCall } from '../../data/calls/require-call';

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
   * The share of persons (all their images) held out for validation.
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
 * Trains a convolutional autoencoder: convolutions of stride 2 down to a narrow code, nearest-neighbor upsampling and
 * convolutions back, group normalization and SiLU between; mean squared error, Adam. It is the simplest network here:
 * to see a backend train, to learn from, and as a baseline for what a code can hold.
 *
 * @param data - slices of one size; a cohort, or a source that reads them when needed (`networks.openImages`,
 * `networks.volumeSource`)
 * @returns the weights that did best on persons held out
 * @throws ConcordError `invalid-option`, `too-little-data`, `invalid-voxels`, `aborted`, `diverged`,
 * `unavailable-backend`.
 * @example
 * ```ts
 * const model = await networks.fitAutoencoder(slices, { steps: 500, seed: 1, checkpoints: networks.checkpointFolder('runs/ae') });
 * ```
 */
export async function fitAutoencoder(
  data: ImageCohort | CohortSource,
  options: FitAutoencoderOptions = {},
): Promise<AutoencoderModel> {
  requireCall('networks.fitAutoencoder', { data, options });
  const { width = 16, levels = 3, codeChannels = 8, learningRate = 0.002, augment } = options;
  const { seed = 0, steps = 1000, batchSize = 16, heldOut: share = 0.1 } = options;
  const source = cohortSource(data);
  requireOneSuffix('fitAutoencoder', source);
  // Everything is drawn from it, also before the training itself looks at its options.
  requireSeed(seed);
  const architecture: AutoencoderArchitecture = { imageShape: source.shape, width, levels, codeChannels };
  // Drawn before any image is read, so that sizes that do not fit are known at once.
  const weights = initAutoencoder(makeRandom(deriveSeed(seed, 0)), architecture);
  const geometry = commonGeometry(source.slices);
  const split = { share, seed: deriveSeed(seed, 1), everySite: false };
  const heldOut = holdOut({ ...source, rows: rowsOfSlices(source) }, split);
  const judged = await readJudged(source, heldOut);
  const intensity = await measureIntensity(takePositions(source, heldOut.learned), deriveSeed(seed, 2));
  const settings = { ...architecture, learningRate, heldOut: share, augment: augment ?? null };
  const rate = { kind: 'cosine', rate: learningRate, steps, warmUpSteps: 10 } as const;
  const plan: TrainingPlan<Networks, ImageBatch> = {
    label: 'training the autoencoder',
    networks: { autoencoder: weights },
    updates: [
      {
        name: 'autoencoder',
        trains: ['autoencoder'],
        optimizer: { learningRate: rate, clipNorm: 1 },
        loss: ({ autoencoder }, batch) => ({ total: reconstructionError(autoencoder, batch, intensity) }),
      },
    ],
    batch: imageBatches(source, {
      batchSize,
      augment,
      among: heldOut.learned,
      seed: deriveSeed(seed, 3),
    }),
    validate: ({ autoencoder }) =>
      meanLoss(batchesOf(judged, batchSize), (batch) => reconstructionError(autoencoder, batch, intensity)),
    fingerprint: toJsonObject({ ...settings, intensity, images: imagesDigest(data, judged) }),
  };
  const ranges = await measureScanRanges(source, { signal: options.signal });
  const learned = await learnInput(source, { ranges, geometry }, { signal: options.signal });
  const { networks, record, issues } = await train(plan, { ...options, steps, seed, batchSize });
  const step = provenanceStep('fitAutoencoder', { ...settings, steps, batchSize }, seed);
  return {
    kind: 'autoencoder',
    architecture,
    intensity,
    geometry,
    suffix: suffixesOf(source)[0] ?? '',
    learned,
    weights: networks.autoencoder,
    training: record,
    heldOut: heldOut.ids,
    provenance: [...source.provenance, step],
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

/** Images that the network is judged on. */
interface JudgedImages extends Pick<ImageBatch, 'images' | 'shape'> {
  readonly count: number;
}

/** Reads the images held out, once. */
async function readJudged(source: CohortSource, { validated }: HeldOut): Promise<JudgedImages> {
  const taken = evenly(validated, judgedImages);
  const images = await source.read(taken);
  requireFiniteImages(images, taken, source);
  return { images, shape: [taken.length, ...source.shape], count: taken.length };
}

/**
 * Distinguishes the images of one run from those of another: what each shows, and the pixels, all of them where they
 * are in memory, else those that the network is judged on (a sample of the others is in the intensity scale).
 */
function imagesDigest(data: ImageCohort | CohortSource, judged: JudgedImages): string {
  return digestOf(cohortSource(data).slices, data.kind === 'images' ? data.images.data : judged.images);
}

/** The images a few at a time. */
function batchesOf({ images, shape: [all, ...shape] }: JudgedImages, batchSize: number): JudgedImages[] {
  const size = images.length / all;
  return Array.from({ length: Math.ceil(all / batchSize) }, (_, batch) => {
    const from = batch * batchSize;
    const count = Math.min(batchSize, all - from);
    return { images: images.subarray(from * size, (from + count) * size), shape: [count, ...shape], count };
  });
}
