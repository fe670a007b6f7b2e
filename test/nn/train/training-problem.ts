import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { add, matMul, mean, mul, square, sub, tensor2d } from '@tensorflow/tfjs-core';
import type { Checkpoint, CheckpointStore } from '../../../sdk/data/networks/checkpoint';
import type { WeightArray } from '../../../sdk/data/networks/weights';
import { deriveSeed, makeRandom } from '../../../sdk/math/random';
import type { TrainingPlan } from '../../../sdk/nn/train/training-plan';

/** Numbers and what a linear map makes of them. */
export interface Pairs {
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
}

/** A map from 3 numbers to 2. */
export type Line = { readonly kernel: WeightArray; readonly bias: WeightArray };

/** What is to be found: inputs × kernel + bias. */
export const truth = { kernel: [1, -2, 0.5, 3, -1, 0.25], bias: [0.5, -0.5] };

/** Draws the pairs of a step. */
export function drawPairs(step: number, count = 8): Pairs {
  const random = makeRandom(deriveSeed(99, step));
  const inputs = Float32Array.from({ length: count * 3 }, () => random.normal());
  const targets = new Float32Array(count * 2);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < 2; column++) {
      let sum = truth.bias[column];
      for (let k = 0; k < 3; k++) sum += inputs[row * 3 + k] * truth.kernel[k * 2 + column];
      targets[row * 2 + column] = sum;
    }
  }
  return { inputs, targets };
}

/** A line that knows nothing yet. */
export function untrainedLine(): Line {
  return {
    kernel: { shape: [3, 2], data: new Float32Array(6).fill(0.1) },
    bias: { shape: [2], data: new Float32Array(2) },
  };
}

/** Finding the line by steps whose loss also holds noise, drawn from the step's own random numbers. */
export function linePlan(
  change: Partial<TrainingPlan<{ readonly line: Line }, Pairs>> = {},
): TrainingPlan<{ readonly line: Line }, Pairs> {
  return {
    label: 'finding a line',
    networks: { line: untrainedLine() },
    updates: [
      {
        name: 'line',
        trains: ['line'],
        optimizer: { learningRate: 0.05 },
        loss: ({ line }, { inputs, targets }, random) => {
          const x = tensor2d(inputs, [inputs.length / 3, 3]);
          const y = tensor2d(targets, [targets.length / 2, 2]);
          const noise = 0.01 * random.normal();
          const guess = add(matMul(x, line.kernel as Tensor2D), line.bias);
          const error = mean<Scalar>(square(sub(guess, add(y, noise))));
          const size = mul<Scalar>(mean<Scalar>(square(line.kernel)), 1e-4);
          return { total: add(error, size), parts: { error, size } };
        },
      },
    ],
    batch: (step) => Promise.resolve(drawPairs(step)),
    fingerprint: { problem: 'line' },
    ...change,
  };
}

/** Keeps checkpoints in memory, all of them. */
export function memoryCheckpoints(): CheckpointStore & { readonly kept: Checkpoint[] } {
  const kept: Checkpoint[] = [];
  return {
    name: 'memory',
    kept,
    latest: () => Promise.resolve(kept.at(-1)),
    save: (checkpoint) => {
      // As a file would: through JSON, and with arrays of its own.
      const state = JSON.parse(JSON.stringify(checkpoint.state)) as Checkpoint['state'];
      const arrays = [...checkpoint.arrays].map(
        ([path, { shape, data }]) => [path, { shape: [...shape], data: data.slice() }] as const,
      );
      kept.push({ step: checkpoint.step, state, arrays: new Map(arrays) });
      return Promise.resolve();
    },
  };
}
