import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import {
  logSoftmax,
  mean,
  mul,
  neg,
  square,
  sub,
  sum,
  tensor2d,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { ImageSet } from '../../data/images/image-set';
import { imageSource } from '../../data/images/memory-source';
import type { RunOptions } from '../../data/run-options';
import { breathe, throwIfAborted } from '../../data/run-options';
import type { WeightArray } from '../../data/networks/weights';
import { deriveSeed, makeRandom } from '../../math/random';
import type { IntensityScale } from '../../nn/autoencoder/intensity-scale';
import { measureIntensity, scaleIntensities } from '../../nn/autoencoder/intensity-scale';
import { ensureBackend } from '../../nn/backend/use-backend';
import { disposeTree, toTensors } from '../../nn/parameters';
import type { ImageBatch } from '../../nn/train/image-batches';
import { imageBatches } from '../../nn/train/image-batches';
import { train } from '../../nn/train/train';
import type { TrainedProbe } from './probe-model';
import type { ProbeNetwork } from './probe-network';
import { initProbeNetwork, probeAnswer } from './probe-network';
import { joinArrays } from '../../math/join-arrays';

/** What a probe learns: for each image what to return. */
export interface ProbeLesson {
  readonly images: ImageSet;
  /** Images × outputs: one 1 in a row for classes, or one number. */
  readonly answers: Float32Array;
  /** The class of each image, by which batches are balanced; none for a number. */
  readonly labels?: readonly string[];
}

/** Options of {@link trainProbe}. */
export interface TrainProbeOptions extends RunOptions {
  readonly steps: number;
  readonly seed: number;
}

/** Images per step. */
const batchSize = 32;

/**
 * Trains a probe from new weights: cross-entropy for classes, squared error for a number; Adam, the rate falling along a
 * cosine. Images are shifted by up to two pixels, so that it does not learn them by heart; their intensities are scaled
 * by the mean and spread of all training images alike, so that what they reveal of the site is there to be found.
 */
export async function trainProbe(
  { images, answers, labels }: ProbeLesson,
  { steps, seed, ...run }: TrainProbeOptions,
): Promise<TrainedProbe> {
  const outputs = answers.length / images.shape[0];
  const source = imageSource(images);
  const intensity = await measureIntensity(source, deriveSeed(seed, 1));
  const draw = imageBatches(source, {
    batchSize,
    seed: deriveSeed(seed, 2),
    augment: { shift: 2, wholePixels: true },
    balance: labels,
  });
  const trained = train(
    {
      label: 'training a probe',
      networks: {
        probe: initProbeNetwork(makeRandom(deriveSeed(seed, 0)), { imageShape: source.shape, outputs }),
      },
      updates: [
        {
          name: 'probe',
          trains: ['probe'],
          optimizer: { learningRate: { kind: 'cosine', rate: 0.003, steps, warmUpSteps: 20 }, clipNorm: 1 },
          loss: ({ probe }, batch: ImageBatch) => ({
            total: probeLoss(
              probeAnswer(probe, toTensor(batch, intensity)),
              answersOf(answers, batch, outputs),
            ),
          }),
        },
      ],
      batch: draw,
      fingerprint: {},
    },
    { steps, seed, batchSize, signal: run.signal },
  );
  const { networks } = await trained.catch((error: unknown) => {
    // A probe is trained anew: nobody can continue with it.
    throwIfAborted(run.signal);
    throw error;
  });
  return { weights: networks.probe, intensity, outputs };
}

function probeLoss(answers: Tensor2D, wanted: Tensor2D): Scalar {
  return tidy(() =>
    wanted.shape[1] === 1
      ? mean<Scalar>(square(sub(answers, wanted)))
      : neg(mean<Scalar>(sum(mul(logSoftmax(answers), wanted), 1))),
  );
}

function toTensor(
  { images, shape }: Pick<ImageBatch, 'images' | 'shape'>,
  intensity: IntensityScale,
): Tensor4D {
  return tensor4d(scaleIntensities(images, intensity), [...shape]);
}

function answersOf(answers: Float32Array, { positions }: ImageBatch, outputs: number): Tensor2D {
  const rows = new Float32Array(positions.length * outputs);
  positions.forEach((position, i) => {
    rows.set(answers.subarray(position * outputs, (position + 1) * outputs), i * outputs);
  });
  return tensor2d(rows, [positions.length, outputs]);
}

/**
 * What a probe says of images, or computes on the way.
 *
 * @param compute - from the network and images, `[N, H, W, C]`, to `[N, width]`
 * @returns images × width
 */
export async function applyProbe(
  { weights, intensity }: TrainedProbe,
  images: ImageSet,
  {
    compute,
    signal,
  }: {
    readonly compute: (network: ProbeNetwork<Tensor>, images: Tensor4D) => Tensor2D;
    readonly signal?: AbortSignal;
  },
): Promise<Float32Array> {
  await ensureBackend();
  const network = toTensors(weights as ProbeNetwork<WeightArray>);
  const [count, height, width, channels] = images.shape;
  const size = height * width * channels;
  const parts: Float32Array[] = [];
  try {
    for (let from = 0; from < count; from += 128) {
      await breathe(signal);
      const part = images.data.subarray(from * size, Math.min(count, from + 128) * size);
      const shape = [part.length / size, height, width, channels] as const;
      const answers = tidy(() => compute(network, toTensor({ images: part, shape }, intensity)));
      parts.push(Float32Array.from((await answers.data()) as Float32Array));
      answers.dispose();
    }
  } finally {
    disposeTree(network);
  }
  return joinArrays(parts);
}
