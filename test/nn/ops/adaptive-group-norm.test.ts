import assert from 'node:assert/strict';
import type { Rank, Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { NormActivation } from '../../../sdk/nn/ops/adaptive-group-norm';
import { adaptiveGroupNorm } from '../../../sdk/nn/ops/adaptive-group-norm';
import { onEachBackend } from '../../support/backends';
import { torchNorms } from './torch-norms';
import { assertClose, assertLeaksNothing, valuesOf, wave } from './waves';

const activations: readonly NormActivation[] = ['silu', 'leaky-relu', 'none'];

/** The values at the first pixel of each image. */
function firstPixel(x: Tensor): Tensor {
  return tf.slice(x as Tensor4D, [0, 0, 0, 0], [-1, 1, 1, -1]);
}

/** The inputs and functions of the PyTorch side. */
function torchCase(activation: NormActivation) {
  const inputs = [
    wave<Rank.R4>([2, 2, 3, 8], { phase: 0.1, scale: 1.3, offset: 0.4 }),
    wave([2, 8], { phase: 0.5, scale: 0.5, offset: 1 }),
    wave([2, 8], { phase: 1.5, scale: 0.4 }),
  ];
  const w = wave([2, 2, 3, 8], { phase: 2.2 });
  const apply = (x: Tensor, scale: Tensor, shift: Tensor): Tensor =>
    adaptiveGroupNorm(x as Tensor4D, { scale, shift }, { groups: 4, activation });
  const loss = (x: Tensor, scale: Tensor, shift: Tensor): Scalar => tf.sum(tf.mul(apply(x, scale, shift), w));
  const penalty = (x: Tensor, scale: Tensor, shift: Tensor): Scalar => {
    const squares = tf.square(tf.grad((one) => loss(one, scale, shift))(x));
    // Without an activation the shift plays no part, which tfjs takes for a mistake.
    return tf.add(tf.sum(squares), tf.mul(tf.sum(shift), 0));
  };
  return { inputs, apply, loss, penalty };
}

onEachBackend('adaptiveGroupNorm', () => {
  for (const activation of activations) {
    it(`gives the values and gradients of PyTorch, ${activation}`, async () => {
      const expected = torchNorms[activation];
      const [values, byX, byScale, byShift] = await valuesOf(() => {
        const { inputs, apply, loss } = torchCase(activation);
        const [x, scale, shift] = inputs;
        const gradients = tf.grads(loss)(inputs);
        return [firstPixel(apply(x, scale, shift)), firstPixel(gradients[0]), gradients[1], gradients[2]];
      });
      assertClose(values, expected.values, 1e-5);
      assertClose(byX, expected.byX, 1e-5);
      assertClose(byScale, expected.byScale, 1e-5);
      assertClose(byShift, expected.byShift, 1e-5);
    });

    it(`gives the second derivatives of PyTorch, ${activation}`, async () => {
      const expected = torchNorms[activation];
      const [value, byX, byScale, byShift] = await valuesOf(() => {
        const { inputs, penalty } = torchCase(activation);
        const { value, grads } = tf.valueAndGrads(penalty)(inputs);
        return [value, firstPixel(grads[0]), grads[1], grads[2]];
      });
      assertClose(value, [expected.penalty], 2e-5);
      assertClose(byX, expected.penaltyByX, 5e-5);
      assertClose(byScale, expected.penaltyByScale, 5e-5);
      assertClose(byShift, expected.penaltyByShift, 5e-5);
    });
  }

  it('adds up the gradients of a scale and shift that all images share', async () => {
    const gradients = (affine: (values: Tensor) => Tensor): Promise<Float32Array[]> =>
      valuesOf(() => {
        const x = wave<Rank.R4>([3, 5, 4, 8], { phase: 0.4 });
        const w = wave([3, 5, 4, 8], { phase: 2.9 });
        const found = tf.grads((scale: Tensor, shift: Tensor) =>
          tf.sum(tf.mul(adaptiveGroupNorm(x, { scale, shift }, { groups: 2, activation: 'silu' }), w)),
        )([affine(wave([8], { phase: 1.1, offset: 1 })), affine(wave([8], { phase: 0.2 }))]);
        return found.map((one) => (one.rank === 1 ? one : tf.sum(one, 0)));
      });
    const shared = await gradients((values) => values);
    const each = await gradients((values) => tf.tile(tf.reshape(values, [1, 8]), [3, 1]));
    assertClose(shared[0], each[0], 3e-6);
    assertClose(shared[1], each[1], 3e-6);
  });

  it('keeps its accuracy on values far from 0, in large groups', async () => {
    const size = 64 * 64 * 32;
    const x = Float32Array.from({ length: size }, (_, i) => 100 + Math.sin(i * i * 0.37) * Math.SQRT2);
    let mean = 0;
    for (const value of x) mean += value / size;
    let variance = 0;
    for (const value of x) variance += (value - mean) ** 2 / size;
    const expected = Array.from(x, (value) => (value - mean) / Math.sqrt(variance + 1e-5));
    const [y] = await valuesOf(() => {
      const affine = { scale: tf.ones([32]), shift: tf.zeros([32]) };
      return [adaptiveGroupNorm(tf.tensor4d(x, [1, 64, 64, 32]), affine, { groups: 1 })];
    });
    assertClose(y, expected, 1e-5);
  });

  it('makes NaN of a group with NaN in it, and leaves the others as they are', async () => {
    const x = Float32Array.from({ length: 2 * 9 * 8 }, (_, i) => Math.cos(i));
    x[2] = NaN;
    const [y] = await valuesOf(() => {
      const affine = { scale: tf.ones([8]), shift: tf.zeros([8]) };
      return [adaptiveGroupNorm(tf.tensor4d(x, [2, 3, 3, 8]), affine, { groups: 2, activation: 'silu' })];
    });
    assert.deepEqual(
      Array.from(y, (value) => Number.isNaN(value)),
      Array.from(x, (_, i) => i < 72 && i % 8 < 4),
    );
  });

  it('leaves no tensors behind, with and without gradients', () => {
    const x = wave<Rank.R4>([2, 4, 4, 8], { phase: 0 });
    const scale = wave([2, 8], { phase: 1 });
    const shift = wave([8], { phase: 2 });
    const apply = (a: Tensor, b: Tensor, c: Tensor): Tensor4D =>
      adaptiveGroupNorm(a as Tensor4D, { scale: b, shift: c }, { groups: 4, activation: 'silu' });
    assertLeaksNothing(() => [apply(x, scale, shift)]);
    assertLeaksNothing(() => tf.grads((a, b, c) => tf.sum(apply(a, b, c)))([x, scale, shift]));
    tf.dispose([x, scale, shift]);
  });

  // More rows than one chunk of the wasm kernel; channels that it takes, and that it leaves to the formula.
  for (const [channels, groups] of [
    [12, 3],
    [10, 5],
    [3, 1],
    [1, 1],
  ]) {
    it(`agrees with sums in float64, ${channels} channels in ${groups} groups`, async () => {
      const [x, y] = await valuesOf(() => {
        const images = wave<Rank.R4>([2, 7, 11, channels], { phase: 0.3, scale: 2, offset: -1 });
        const affine = { scale: tf.fill([channels], 1.5), shift: tf.fill([2, channels], -0.25) };
        return [images, adaptiveGroupNorm(images, affine, { groups, epsilon: 1e-3, activation: 'silu' })];
      });
      const expected = normalizeInFloat64(x, { pixels: 77, channels, groups, epsilon: 1e-3 }).map((value) => {
        const affine = value * 1.5 - 0.25;
        return affine / (1 + Math.exp(-affine));
      });
      assertClose(y, expected, 3e-6);
    });
  }

  it('refuses groups that do not divide the channels, and values that do not fit them', () => {
    tf.tidy(() => {
      const x = tf.zeros<Rank.R4>([2, 3, 3, 6]);
      const scale = tf.ones([6]);
      const shift = tf.zeros([6]);
      const code = { code: 'invalid-option' };
      assert.throws(() => adaptiveGroupNorm(x, { scale, shift }, { groups: 4 }), code);
      assert.throws(() => adaptiveGroupNorm(x, { scale, shift }, { groups: 0 }), code);
      assert.throws(() => adaptiveGroupNorm(x, { scale: tf.ones([3, 6]), shift }, { groups: 3 }), code);
      assert.throws(() => adaptiveGroupNorm(x, { scale, shift: tf.ones([1]) }, { groups: 3 }), code);
    });
  });
});

/** (x − mean)/√(variance + ε), group by group, on `[N, pixels, channels]`. */
function normalizeInFloat64(
  x: Float32Array,
  {
    pixels,
    channels,
    groups,
    epsilon,
  }: { pixels: number; channels: number; groups: number; epsilon: number },
): Float64Array {
  const groupOf = (i: number): number =>
    Math.floor(i / (pixels * channels)) * groups + Math.floor(((i % channels) * groups) / channels);
  const count = (pixels * channels) / groups;
  const means = new Map<number, number>();
  x.forEach((value, i) => means.set(groupOf(i), (means.get(groupOf(i)) ?? 0) + value / count));
  const centered = Float64Array.from(x, (value, i) => value - (means.get(groupOf(i)) ?? NaN));
  const variances = new Map<number, number>();
  centered.forEach((value, i) =>
    variances.set(groupOf(i), (variances.get(groupOf(i)) ?? 0) + value ** 2 / count),
  );
  return centered.map((value, i) => value / Math.sqrt((variances.get(groupOf(i)) ?? NaN) + epsilon));
}
