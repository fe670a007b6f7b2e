import assert from 'node:assert/strict';
import type { Rank, Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { groupNorm } from '../../../sdk/nn/ops/group-norm';
import { leakyRelu } from '../../../sdk/nn/ops/leaky-relu';
import { r1Penalty } from '../../../sdk/nn/optimize/r1-penalty';
import { valueAndGradients } from '../../../sdk/nn/optimize/value-and-gradients';
import { onEachBackend } from '../../support/backends';

/** The numbers that the PyTorch side of these tests uses as well. */
function wave(shape: number[], phase: number, scale: number): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return tf.tensor(
    Float32Array.from({ length }, (_, i) => scale * Math.sin(1.7 * i + phase)),
    shape,
  );
}

type Critic = {
  readonly first: { readonly kernel: Tensor; readonly bias: Tensor };
  readonly second: { readonly kernel: Tensor; readonly bias: Tensor };
  readonly head: Tensor;
};

function makeCritic(): Critic {
  return {
    first: { kernel: wave([3, 3, 2, 4], 0, 0.4), bias: wave([4], 1, 0.2) },
    second: { kernel: wave([4, 4, 4, 4], 2, 0.3), bias: wave([4], 3, 0.2) },
    head: wave([16, 1], 4, 0.5),
  };
}

/** Convolution of stride 1 and 2, norm, LeakyReLU, average pooling, linear. */
function judge({ first, second, head }: Critic, x: Tensor4D, groups: number): Tensor {
  const one = leakyRelu(tf.add(tf.conv2d(x, first.kernel as Tensor4D, 1, 'same'), first.bias));
  const two = tf.add<Tensor4D>(tf.conv2d(one as Tensor4D, second.kernel as Tensor4D, 2, 'same'), second.bias);
  const pooled = tf.avgPool(leakyRelu(groupNorm(two, groups)), 2, 2, 'valid');
  return tf.matMul(tf.reshape<Rank.R2>(pooled, [x.shape[0], 16]), head);
}

// PyTorch 2.13.0 (CPU, float64): the same critic and numbers, torch.autograd.grad(D(x).sum(), x, create_graph=True),
// penalty = ½·3·mean over images of the squared norm, penalty.backward(). Per parameter: the norm of the gradient and
// its first four values.
const expected = [
  {
    groups: 4,
    penalty: 2.147204684140541,
    gradients: [
      [24.768188054828276, -2.4870516, -2.6485071, -1.2753043, -0.2058677],
      [5.525211847424557, -4.6241674, -0.2682079, -1.4853969, -2.6204394],
      [12.482711385988537, 1.1133757, 0.7050906, 0.530678, -1.2756738],
      [0, 0, 0, 0, 0],
      [5.670951712710862, 1.1387741, -1.4330576, -0.7219587, 2.304826],
    ],
  },
  {
    groups: 2,
    penalty: 7.427221853904803,
    gradients: [
      [82.29743982240333, -6.1310145, -9.7935453, -3.3350483, 1.5125288],
      [10.097249354668149, -4.2258408, -5.7613112, -3.3016253, -6.3248144],
      [30.674905704354696, -0.8795775, 2.9914933, -0.148352, -0.3474779],
      [16.32726779548082, -10.404807, 10.404807, -5.002982, 5.002982],
      [12.289534240860977, -1.8372988, -0.2309168, 1.6635764, -0.1680601],
    ],
  },
];

onEachBackend('the R1 penalty', () => {
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  for (const { groups, penalty, gradients } of expected) {
    it(`agrees with PyTorch's double backward pass, ${groups} groups`, async () => {
      const x = wave([2, 8, 8, 2], 7, 1) as Tensor4D;
      const result = valueAndGradients(
        (params) => ({
          total: r1Penalty((images: Tensor4D) => judge(params, images, groups), x, { gamma: 3 }),
        }),
        makeCritic(),
      );
      near(await first(result.value), penalty, 2e-5 * penalty);
      for (const [index, gradient] of result.gradients.entries()) {
        const [norm, ...values] = gradients[index];
        const tolerance = 1e-4 * Math.max(norm, 1);
        near(await first(tf.norm(gradient)), norm, tolerance);
        const found = await gradient.data();
        values.forEach((value, at) => near(found[at], value, tolerance));
      }
    });
  }

  it('agrees with finite differences through the LeakyReLU, nearest upsampling and where of tfjs itself', async () => {
    const params = { kernel: wave([3, 3, 1, 3], 1, 0.5), other: wave([3, 3, 3, 1], 2, 0.5) };
    const x = wave([2, 4, 4, 1], 5, 1) as Tensor4D;
    const penalty = ({ kernel, other }: typeof params): Scalar =>
      r1Penalty((images: Tensor4D) => {
        const hidden = tf.leakyRelu(tf.conv2d(images, kernel as Tensor4D, 1, 'same'), 0.2);
        const large = tf.image.resizeNearestNeighbor(tf.square(hidden), [8, 8]);
        const out = tf.conv2d(large, other as Tensor4D, 2, 'same');
        return tf.square(tf.where(tf.greater(out, 0), out, tf.mul(out, 0.5)));
      }, x);
    const { gradients } = valueAndGradients((tree) => ({ total: penalty(tree) }), params);
    const direction = { kernel: wave([3, 3, 1, 3], 8, 1), other: wave([3, 3, 3, 1], 9, 1) };
    const along = (step: number): Promise<number> =>
      first(
        penalty({
          kernel: tf.add(params.kernel, tf.mul(direction.kernel, step)),
          other: tf.add(params.other, tf.mul(direction.other, step)),
        }),
      );
    const dot = (a: Tensor, b: Tensor): Promise<number> => first(tf.sum(tf.mul(a, b)));
    const slope = (await dot(direction.kernel, gradients[0])) + (await dot(direction.other, gradients[1]));
    const step = 2e-3;
    near(slope, ((await along(step)) - (await along(-step))) / (2 * step), 5e-3 * Math.abs(slope));
  });

  it('is 0 for a critic that ignores its images, and half of γ for one of slope 1', async () => {
    const x = wave([3, 2, 2, 1], 0, 1) as Tensor4D;
    near(await first(r1Penalty((images: Tensor4D) => tf.mul(images, 0), x)), 0, 0);
    const onePixel = tf.tensor4d([1, 0, 0, 0], [1, 2, 2, 1]);
    near(await first(r1Penalty((images: Tensor4D) => tf.mul(images, onePixel), x, { gamma: 5 })), 2.5, 1e-6);
  });

  it('leaves no tensor behind', () => {
    const critic = makeCritic();
    const x = wave([2, 8, 8, 2], 7, 1) as Tensor4D;
    const before = tf.memory().numTensors;
    const { value, gradients } = valueAndGradients(
      (params) => ({ total: r1Penalty((images: Tensor4D) => judge(params, images, 2), x) }),
      critic,
    );
    assert.equal(tf.memory().numTensors, before + 1 + gradients.length);
    tf.dispose([value, ...gradients]);
    assert.equal(tf.memory().numTensors, before);
  });
});

async function first(tensor: Tensor): Promise<number> {
  return (await tensor.data())[0];
}

function near(actual: number, wanted: number, tolerance: number): void {
  assert.ok(Math.abs(actual - wanted) <= tolerance, `${actual} is not ${wanted} ± ${tolerance}`);
}
