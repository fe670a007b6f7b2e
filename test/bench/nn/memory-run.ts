// Child process of nn.bench.ts: trains a small U-Net for many steps and tells how much memory is held on the way.
//     node --expose-gc --import tsx memory-run.ts BACKEND THREADS software|hardware
import type { Rank, ShapeMap, Tensor } from '@tensorflow/tfjs-core';
import { memory, tensor } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../../sdk/data/networks/weights';
import { deriveSeed, makeRandom } from '../../../sdk/math/random';
import { initialize } from '../../../sdk/nn/blocks/initialize';
import { meanSquaredError } from '../../../sdk/nn/losses/squared-error';
import { train } from '../../../sdk/nn/train/train';
import type { TrainingPlan } from '../../../sdk/nn/train/training-plan';
import { residentMemory } from '../process-memory';
import { startBackend } from './start-backend';
import type { UNet, UNetPlan } from './u-net';
import { initUNet, uNet } from './u-net';

const steps = 500;
const every = 50;
const images = 8;

const sizes: UNetPlan = {
  size: 32,
  base: 16,
  multipliers: [1, 2, 2],
  blocksPerLevel: 1,
  attentionAt: [8],
  heads: 4,
  groups: 8,
  codeSize: 32,
};

/** The noisy images, the noise in them, the codes and the times of one step, drawn anew for each. */
interface Batch {
  readonly x: WeightArray;
  readonly target: WeightArray;
  readonly code: WeightArray;
  readonly times: Float32Array;
}

function drawBatch(step: number): Batch {
  const random = makeRandom(deriveSeed(7, step));
  const normal = (...shape: number[]): WeightArray =>
    initialize(random, shape, { name: 'normal', deviation: 1 });
  const side = sizes.size;
  return {
    x: normal(images, side, side, 1),
    target: normal(images, side, side, 1),
    code: normal(images, sizes.codeSize),
    times: Float32Array.from({ length: images }, () => random.integer(1000)),
  };
}

function put<R extends Rank>({ data, shape }: WeightArray): Tensor<R> {
  return tensor<R>(data, shape as ShapeMap[R]);
}

async function main(words: readonly string[]): Promise<void> {
  await startBackend(words);
  const plan: TrainingPlan<{ unet: UNet<WeightArray> }, Batch> = {
    label: 'memory',
    networks: { unet: initUNet(makeRandom(6), sizes) },
    updates: [
      {
        name: 'unet',
        trains: ['unet'],
        optimizer: { learningRate: 1e-4, clipNorm: 1 },
        loss: ({ unet }, { x, target, code, times }) => ({
          total: meanSquaredError(
            uNet(unet, put<Rank.R4>(x), { times, code: put<Rank.R2>(code), plan: sizes }),
            put(target),
          ),
        }),
      },
    ],
    batch: (step) => Promise.resolve(drawBatch(step)),
    fingerprint: {},
  };
  const started = performance.now();
  await train(plan, {
    steps,
    seed: 1,
    batchSize: images,
    averageDecay: 0.999,
    onProgress: ({ done }) => {
      if (done % every !== 0) return;
      globalThis.gc?.();
      const { numTensors, numBytes } = memory();
      const seconds = (performance.now() - started) / 1000;
      console.log(JSON.stringify({ step: done, seconds, numTensors, numBytes, resident: residentMemory() }));
    },
  });
}

void main(process.argv.slice(2));
