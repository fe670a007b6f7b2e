import * as tf from '@tensorflow/tfjs-core';
import { leakyRelu } from '../../../../sdk/nn/ops/leaky-relu';
import { silu } from '../../../../sdk/nn/ops/silu';
import type { OperationCase } from './operation-case';
import { given } from './operation-case';

/** A function of one number, its derivative, and the range in which it is tried. */
interface PlainFunction {
  readonly compute: (x: tf.Tensor) => tf.Tensor;
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
  readonly from: number;
  readonly to: number;
  /** @defaultValue 1e-5 */
  readonly tolerance?: number;
  /** Whether small values are as exact as large ones. @defaultValue false */
  readonly relative?: boolean;
  readonly orders?: 1 | 2;
}

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

const functions: Readonly<Record<string, PlainFunction>> = {
  square: {
    compute: tf.square,
    value: (x) => x * x,
    slope: (x) => 2 * x,
    from: -30,
    to: 30,
    relative: true,
    orders: 2,
  },
  abs: { compute: tf.abs, value: Math.abs, slope: Math.sign, from: -30, to: 30, orders: 2 },
  neg: { compute: tf.neg, value: (x) => -x, slope: () => -1, from: -9, to: 9, orders: 2 },
  sign: { compute: tf.sign, value: Math.sign, slope: () => 0, from: -9, to: 9 },
  sqrt: {
    compute: tf.sqrt,
    value: Math.sqrt,
    slope: (x) => 0.5 / Math.sqrt(x),
    from: 1e-6,
    to: 100,
    relative: true,
    orders: 2,
  },
  rsqrt: {
    compute: tf.rsqrt,
    value: (x) => 1 / Math.sqrt(x),
    slope: (x) => -0.5 * x ** -1.5,
    from: 1e-5,
    to: 100,
    relative: true,
    orders: 2,
  },
  reciprocal: {
    compute: tf.reciprocal,
    value: (x) => 1 / x,
    slope: (x) => -1 / (x * x),
    from: 0.01,
    to: 50,
    relative: true,
  },
  // A graphics card may be off by 3 + 2·60 units in the last place at the ends.
  exp: {
    compute: tf.exp,
    value: Math.exp,
    slope: Math.exp,
    from: -60,
    to: 60,
    relative: true,
    tolerance: 2e-5,
  },
  log: { compute: tf.log, value: Math.log, slope: (x) => 1 / x, from: 1e-6, to: 1000 },
  log1p: { compute: tf.log1p, value: Math.log1p, slope: (x) => 1 / (1 + x), from: 0.01, to: 1000 },
  sigmoid: {
    compute: tf.sigmoid,
    value: sigmoid,
    slope: (x) => sigmoid(x) * sigmoid(-x),
    from: -30,
    to: 12,
    orders: 2,
  },
  tanh: {
    compute: tf.tanh,
    value: Math.tanh,
    slope: (x) => 1 / Math.cosh(x) ** 2,
    from: -3,
    to: 3,
    orders: 2,
  },
  softplus: {
    compute: tf.softplus,
    value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    slope: sigmoid,
    from: -12,
    to: 40,
    orders: 2,
  },
  relu: {
    compute: tf.relu,
    value: (x) => Math.max(x, 0),
    slope: (x) => Number(x > 0),
    from: -9,
    to: 9,
    orders: 2,
  },
  leakyRelu: {
    compute: (x) => leakyRelu(x, 0.2),
    value: (x) => (x > 0 ? x : 0.2 * x),
    slope: (x) => (x > 0 ? 1 : 0.2),
    from: -9,
    to: 9,
    orders: 2,
  },
  'leakyRelu of tfjs': {
    compute: (x) => tf.leakyRelu(x, 0.2),
    value: (x) => (x > 0 ? x : 0.2 * x),
    slope: (x) => (x > 0 ? 1 : 0.2),
    from: -9,
    to: 9,
    orders: 2,
  },
  silu: {
    compute: silu,
    value: (x) => x * sigmoid(x),
    slope: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
    from: -8,
    to: 20,
    orders: 2,
  },
  elu: {
    compute: tf.elu,
    value: (x) => (x > 0 ? x : Math.exp(x) - 1),
    slope: (x) => (x > 0 ? 1 : Math.exp(x)),
    from: -5,
    to: 5,
  },
  'clipByValue −1 … 2': {
    compute: (x) => tf.clipByValue(x, -1, 2),
    value: (x) => Math.min(Math.max(x, -1), 2),
    slope: (x) => Number(x > -1 && x < 2),
    from: -4,
    to: 4,
    orders: 2,
  },
};

/**
 * Values over the range of a function, with its kinks left out. Their count is odd and above the 1000 below which the
 * webgpu backend would compute on the processor.
 */
function valuesBetween(from: number, to: number): Float32Array {
  const length = 1003;
  const values = Float32Array.from({ length }, (_, i) => from + ((to - from) * (i + 0.37)) / length);
  return from > 0 ? values.map((_, i) => from * (to / from) ** ((i + 0.37) / length)) : values;
}

/** Each function of one number. */
export const elementwiseCases: readonly OperationCase[] = Object.entries(functions).map(
  ([name, { compute, value, slope, from, to, tolerance, relative = false, orders }]) => {
    const input = given(valuesBetween(from, to));
    return {
      name: `${name} from ${from} to ${to}`,
      inputs: [input],
      smallInputs: [given([0.31, 0.7, 1.2, 1.7, 2.2, 2.9])],
      compute,
      floor: relative ? 0 : 0.1,
      tolerance,
      orders,
      expected: () => ({
        value: Float64Array.from(input.values, value),
        gradients: (weights) => [Float64Array.from(input.values, (x, i) => slope(x) * weights[i])],
      }),
    };
  },
);
