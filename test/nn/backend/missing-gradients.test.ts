import assert from 'node:assert/strict';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { registerMissingGradients } from '../../../sdk/nn/backend/missing-gradients';
import { onEachBackend } from '../../support/backends';

/** Numbers in −1 … 1 without pattern, away from one another and from 0. */
function wave(shape: number[], phase: number): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return tf.tensor(
    Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i + phase)),
    shape,
  );
}

/** A function of several tensors whose gradient is itself to be differentiated. */
interface Case {
  readonly name: string;
  readonly shapes: number[][];
  readonly apply: (...inputs: Tensor[]) => Tensor;
}

const image = [2, 4, 4, 2];
const convolution =
  (stride: number, pad: 'same' | 'valid') =>
  (x: Tensor, kernel: Tensor): Tensor =>
    tf.conv2d(x as Tensor4D, kernel as Tensor4D, stride, pad);

const cases: Case[] = [
  { name: 'convolution', shapes: [image, [3, 3, 2, 3]], apply: convolution(1, 'same') },
  { name: 'convolution of stride 2', shapes: [image, [4, 4, 2, 3]], apply: convolution(2, 'same') },
  {
    name: 'convolution of stride 2 on an odd size',
    shapes: [
      [2, 5, 5, 2],
      [3, 3, 2, 2],
    ],
    apply: convolution(2, 'valid'),
  },
  {
    name: 'transposed convolution',
    shapes: [image, [4, 4, 3, 2]],
    apply: (x, kernel) => tf.conv2dTranspose(x as Tensor4D, kernel as Tensor4D, [2, 8, 8, 3], 2, 'same'),
  },
  { name: 'average pooling', shapes: [image], apply: (x) => tf.avgPool(x as Tensor4D, 2, 2, 'valid') },
  {
    name: 'nearest upsampling',
    shapes: [image],
    apply: (x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [8, 12]),
  },
  {
    name: 'nearest resizing to a fraction',
    shapes: [[1, 4, 4, 2]],
    apply: (x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [6, 3]),
  },
  {
    name: 'bilinear resizing',
    shapes: [image],
    apply: (x) => tf.image.resizeBilinear(x as Tensor4D, [7, 6]),
  },
  { name: 'LeakyReLU', shapes: [[12]], apply: (x) => tf.leakyRelu(x, 0.2) },
  {
    name: 'a choice by comparison',
    shapes: [[12], [12]],
    apply: (x, y) => tf.where(tf.less(x, y), x, tf.mul(x, y)),
  },
  { name: 'clipping', shapes: [[12]], apply: (x) => tf.clipByValue(x, -0.5, 0.7) },
  { name: 'the larger of two', shapes: [[12], [12]], apply: (x, y) => tf.maximum(x, y) },
  { name: 'the smaller of two', shapes: [[12], [12]], apply: (x, y) => tf.minimum(x, y) },
  { name: 'sigmoid and hyperbolic tangent', shapes: [[12]], apply: (x) => tf.mul(tf.sigmoid(x), tf.tanh(x)) },
  { name: 'softmax', shapes: [[3, 4]], apply: (x) => tf.softmax(tf.mul(x, 3)) },
  { name: 'softplus and exponential', shapes: [[12]], apply: (x) => tf.mul(tf.softplus(x), tf.exp(x)) },
  { name: 'the largest of several', shapes: [[3, 3]], apply: (x) => tf.max(x, 1) },
];

onEachBackend('gradients of gradients', () => {
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  for (const { name, shapes, apply } of cases) {
    it(`agree with finite differences: ${name}`, async () => {
      const inputs = shapes.map((shape, index) => wave(shape, index + 1));
      const directions = shapes.map((shape, index) => wave(shape, index + 5));
      // Squares make the first gradient depend on the inputs, so that there is a second.
      const value = (...given: Tensor[]): Tensor =>
        tf.mean(tf.square(apply(...given.map((one) => tf.square(one)))));
      const steepness = (...given: Tensor[]): Tensor =>
        tf.addN(
          tf
            .grads(value)(given)
            .map((gradient) => tf.sum(tf.square(gradient))),
        );
      const along = async (step: number): Promise<number> =>
        numberOf(steepness(...inputs.map((one, index) => tf.add(one, tf.mul(directions[index], step)))));

      const gradients = tf.grads(steepness)(inputs);
      const slope = await numberOf(
        tf.addN(gradients.map((one, index) => tf.sum(tf.mul(one, directions[index])))),
      );
      const step = 1e-3;
      const expected = ((await along(step)) - (await along(-step))) / (2 * step);
      assert.ok(
        Math.abs(slope - expected) <= 5e-3 * Math.max(0.1, Math.abs(expected)),
        `${slope}, not ${expected}`,
      );
      assert.ok(Math.abs(expected) > 1e-2, 'there is something to compare');
    });
  }

  it('agree with the adjoint for nearest upsampling of a batch, which tfjs itself gets wrong', async () => {
    const x = wave([3, 4, 4, 2], 0);
    const v = wave([3, 8, 8, 2], 3);
    const upsample = (images: Tensor): Tensor => tf.image.resizeNearestNeighbor(images as Tensor4D, [8, 8]);
    const expected = await numberOf(tf.sum(tf.mul(upsample(x), v)));
    const gradient = tf.grad((images: Tensor) => tf.sum(tf.mul(upsample(images), v)))(x);
    assert.ok(Math.abs((await numberOf(tf.sum(tf.mul(x, gradient)))) - expected) < 1e-4);
  });
});

describe('missing gradients', () => {
  it('are registered once, and what someone else has registered stays', () => {
    registerMissingGradients();
    const names = ['Greater', 'Conv2DBackpropFilter', 'AvgPoolGrad', 'ResizeNearestNeighbor', 'Sum'];
    const first = names.map((name) => tf.getGradient(name));
    assert.ok(first.every((config) => config !== undefined));
    registerMissingGradients();
    names.forEach((name, index) => assert.equal(tf.getGradient(name), first[index]));
    const own = { kernelName: 'Greater', gradFunc: () => ({}) };
    tf.registerGradient(own);
    registerMissingGradients();
    assert.equal(tf.getGradient('Greater'), own);
    tf.registerGradient(first[0]);
  });
});

async function numberOf(tensor: Tensor): Promise<number> {
  return (await tensor.data())[0];
}
