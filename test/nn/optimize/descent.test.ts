import assert from 'node:assert/strict';
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { makeRandom } from '../../../sdk/math/random';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { meanSquaredError } from '../../../sdk/nn/losses/squared-error';
import { leakyRelu } from '../../../sdk/nn/ops/leaky-relu';
import type { AdamState } from '../../../sdk/nn/optimize/adam';
import { adamStep, initAdam } from '../../../sdk/nn/optimize/adam';
import { clipByGlobalNorm } from '../../../sdk/nn/optimize/clip';
import { emaStep, warmUpDecay } from '../../../sdk/nn/optimize/ema';
import { learningRateAt } from '../../../sdk/nn/optimize/schedule';
import { valueAndGradients } from '../../../sdk/nn/optimize/value-and-gradients';

type Autoencoder = { readonly down: Tensor; readonly up: Tensor; readonly bias: Tensor };

/** Halves the images by a strided convolution to 4 channels, doubles them again, and compares with the images. */
function loss({ down, up, bias }: Autoencoder, images: Tensor4D): Scalar {
  const code = leakyRelu(tf.conv2d(images, down as Tensor4D, 2, 'same'));
  const large = tf.image.resizeNearestNeighbor(code, [8, 8]);
  return meanSquaredError(tf.add(tf.conv2d(large, up as Tensor4D, 1, 'same'), bias), images);
}

/** What a step makes and the next one needs. */
type Run = { readonly params: Tensor[]; readonly average: Tensor[]; readonly adam: AdamState };

const disposeRun = ({ params, average, adam }: Run): void =>
  tf.dispose([...params, ...average, ...adam.first, ...adam.second]);

function trainingStep(run: Run, images: Tensor4D): { run: Run; value: number } {
  const step = run.adam.step;
  const [down, up, bias] = run.params;
  const result = tf.tidy(() => {
    const { value, gradients } = valueAndGradients((tree) => ({ total: loss(tree, images) }), {
      down,
      up,
      bias,
    });
    const clipped = clipByGlobalNorm(gradients, 1);
    const learningRate = learningRateAt({ kind: 'cosine', rate: 0.02, steps: 200, warmUpSteps: 10 }, step);
    const { params, state } = adamStep(run.params, clipped.gradients, run.adam, { learningRate });
    return { value, params, adam: state, average: emaStep(run.average, params, warmUpDecay(0.95, step)) };
  });
  const { value, ...next } = result;
  const [number] = value.dataSync();
  value.dispose();
  disposeRun(run);
  return { run: next, value: number };
}

function train(seed: number, steps: number): { values: number[]; tensors: number[]; averaged: number } {
  const random = makeRandom(seed);
  const draw = (shape: number[], scale: number): Tensor => {
    const length = shape.reduce((product, size) => product * size, 1);
    return tf.tensor(
      Float32Array.from({ length }, () => scale * random.normal()),
      shape,
    );
  };
  const pixels = Float32Array.from({ length: 4 * 64 }, (_, i) => Math.sin(i / 5) * Math.cos(i / 64));
  const images = tf.tensor4d(pixels, [4, 8, 8, 1]);
  const params = [draw([4, 4, 1, 4], 0.25), draw([3, 3, 4, 1], 0.16), tf.zeros([1])];
  let run: Run = { params, average: params.map((one) => tf.clone(one)), adam: initAdam(params) };
  const [values, tensors]: [number[], number[]] = [[], []];
  for (let step = 0; step < steps; step++) {
    const next = trainingStep(run, images);
    run = next.run;
    values.push(next.value);
    tensors.push(tf.memory().numTensors);
  }
  const [down, up, bias] = run.average;
  const judged = tf.tidy(() => loss({ down, up, bias }, images));
  const [averaged] = judged.dataSync();
  judged.dispose();
  disposeRun(run);
  images.dispose();
  return { values, tensors, averaged };
}

describe('two hundred steps of a small autoencoder on wasm', () => {
  before(async () => {
    await useBackend('wasm');
  });

  it('bring the loss down, to the same bits for the same seed, and leave no tensor behind', () => {
    const before = tf.memory().numTensors;
    const { values, tensors, averaged } = train(5, 200);
    assert.ok(values[199] < 0.1 * values[0], `from ${values[0]} to ${values[199]}`);
    assert.ok(averaged < 0.1 * values[0], `from ${values[0]} to ${averaged} with averaged weights`);
    assert.deepEqual([...new Set(tensors)], [tensors[0]]);
    assert.deepEqual(train(5, 20).values, values.slice(0, 20));
    assert.equal(tf.memory().numTensors, before);
  });
});
