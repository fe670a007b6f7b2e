import * as tf from '@tensorflow/tfjs-core';
import { groupNorm } from '../../../../sdk/nn/ops/group-norm';
import { leakyRelu } from '../../../../sdk/nn/ops/leaky-relu';
import { silu } from '../../../../sdk/nn/ops/silu';
import type { CaseInput, OperationCase } from './operation-case';
import { given } from './operation-case';

const specials = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 2.5, -2.5];

// What floating-point arithmetic (IEEE 754) makes of them; the rectifiers are written as their definitions are.
const functions: Readonly<Record<string, readonly [(x: tf.Tensor) => tf.Tensor, (x: number) => number]>> = {
  neg: [tf.neg, (x) => -x],
  abs: [tf.abs, Math.abs],
  square: [tf.square, (x) => x * x],
  sqrt: [tf.sqrt, Math.sqrt],
  rsqrt: [tf.rsqrt, (x) => 1 / Math.sqrt(x)],
  exp: [tf.exp, Math.exp],
  log: [tf.log, Math.log],
  sigmoid: [tf.sigmoid, (x) => 1 / (1 + Math.exp(-x))],
  tanh: [tf.tanh, Math.tanh],
  softplus: [tf.softplus, (x) => Math.log1p(Math.exp(x))],
  relu: [tf.relu, (x) => Math.max(0, x)],
  leakyRelu: [(x) => leakyRelu(x, 0.2), (x) => (x > 0 ? x : 0.2 * x)],
  clipByValue: [(x) => tf.clipByValue(x, -2, 2), (x) => Math.min(2, Math.max(-2, x))],
  'maximum with 0.5': [(x) => tf.maximum(x, 0.5), (x) => Math.max(x, 0.5)],
  'minimum with 0.5': [(x) => tf.minimum(x, 0.5), (x) => Math.min(x, 0.5)],
  'times 0': [(x) => tf.mul(x, 0), (x) => x * 0],
  'divided by 0': [(x) => tf.div(x, 0), (x) => x / 0],
  'minus itself': [(x) => tf.sub(x, x), (x) => x - x],
  reciprocal: [tf.reciprocal, (x) => 1 / x],
  isNaN: [(x) => tf.cast(tf.isNaN(x), 'float32'), (x) => Number(Number.isNaN(x))],
  isFinite: [(x) => tf.cast(tf.isFinite(x), 'float32'), (x) => Number(Number.isFinite(x))],
};

const overflows: readonly (readonly [string, (x: tf.Tensor) => tf.Tensor, number, number])[] = [
  ['exp of 89', tf.exp, 89, Infinity],
  ['exp of −104', tf.exp, -104, 0],
  ['square of 2e19', tf.square, 2e19, Infinity],
  ['sigmoid of −40', tf.sigmoid, -40, Math.exp(-40)],
  ['sigmoid of 200', tf.sigmoid, 200, 1],
  ['sigmoid of −200', tf.sigmoid, -200, 0],
  ['silu of −200', silu, -200, 0],
  ['tanh of 50', tf.tanh, 50, 1],
  ['tanh of −50', tf.tanh, -50, -1],
  ['softplus of 200', tf.softplus, 200, 200],
  ['softplus of −20', tf.softplus, -20, Math.exp(-20)],
];

/** An image of zeros and ones with one value that is not a number. */
function spoiled(...shape: number[]): CaseInput {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length }, (_, i) => i % 3);
  values[Math.floor(length / 2)] = NaN;
  return { shape, values };
}

type Image = tf.Tensor4D;

// NaN must go where it does on the cpu backend, or become infinite there: either is seen.
const spreading: Readonly<Record<string, readonly [CaseInput, (x: tf.Tensor) => tf.Tensor]>> = {
  sum: [spoiled(5, 7), (x) => tf.sum(x, 1)],
  mean: [spoiled(5, 7), (x) => tf.mean(x, 0)],
  max: [spoiled(5, 7), (x) => tf.max(x, 1)],
  min: [spoiled(5, 7), (x) => tf.min(x, 1)],
  softmax: [spoiled(5, 7), (x) => tf.softmax(x)],
  matMul: [spoiled(5, 7), (x) => tf.matMul(x, tf.ones([7, 3]))],
  'matMul with 0': [spoiled(5, 7), (x) => tf.matMul(x, tf.zeros([7, 3]))],
  conv2d: [spoiled(2, 6, 6, 3), (x) => tf.conv2d(x as Image, tf.ones([3, 3, 3, 4]), 1, 'same')],
  'conv2d by 0': [spoiled(2, 6, 6, 3), (x) => tf.conv2d(x as Image, tf.zeros([3, 3, 3, 4]), 2, 'same')],
  'conv2d 1×1': [spoiled(2, 6, 6, 4), (x) => tf.conv2d(x as Image, tf.ones([1, 1, 4, 4]), 1, 'same')],
  avgPool: [spoiled(2, 6, 6, 3), (x) => tf.avgPool(x as Image, 2, 2, 'valid')],
  resizeNearestNeighbor: [spoiled(2, 3, 3, 2), (x) => tf.image.resizeNearestNeighbor(x as Image, [6, 6])],
  groupNorm: [spoiled(2, 4, 4, 4), (x) => groupNorm(x as Image, 2)],
  silu: [spoiled(5, 7), silu],
  clipByValue: [spoiled(5, 7), (x) => tf.clipByValue(x, 0, 1)],
  'where not chosen': [spoiled(5, 7), (x) => tf.where(tf.greater(x, 0), x, tf.mul(x, 2))],
  'a chain': [spoiled(2, 4, 4, 4), (x) => tf.mean(tf.square(tf.sub(leakyRelu(x), 1)))],
};

/** Values that are not numbers, or infinite, must be seen: a network that diverges must not look well. */
export const specialCases: readonly OperationCase[] = [
  ...Object.entries(functions).map(([name, [compute, value]]): OperationCase => {
    const input = given(specials);
    return {
      name: `${name} of NaN, infinities and zeros`,
      inputs: [input],
      compute,
      orders: 0,
      expected: () => ({ value: Array.from(input.values, value) }),
    };
  }),
  ...overflows.map(([name, compute, x, value]): OperationCase => {
    const relative = value !== 0 && Number.isFinite(value);
    return {
      name,
      inputs: [given([x])],
      compute,
      orders: 0,
      tolerance: relative ? 1e-4 : 1e-30,
      floor: relative ? 0 : 1,
      expected: () => ({ value: [value] }),
    };
  }),
  ...Object.entries(spreading).map(([name, [input, compute]]): OperationCase => ({
    name: `${name} of values with a NaN`,
    inputs: [input],
    compute: (x) => tf.cast(tf.isFinite(compute(x)), 'float32'),
    orders: 0,
    tolerance: 0,
  })),
];
