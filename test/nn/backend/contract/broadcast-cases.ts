import * as tf from '@tensorflow/tfjs-core';
import type { OperationCase } from './operation-case';
import { awayFromZero, distinct, normal, positive } from './operation-case';

// The shapes that meet in networks: a bias, scales and shifts per channel of the batch or of each image, one number for
// each image, a mask, means over rows, a scalar; from either side.
const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 3, 4, 5],
    [2, 3, 4, 5],
  ],
  [[2, 3, 4, 5], [5]],
  [
    [2, 3, 4, 5],
    [1, 1, 1, 5],
  ],
  [
    [2, 3, 4, 5],
    [2, 1, 1, 5],
  ],
  [
    [2, 3, 4, 5],
    [2, 1, 1, 1],
  ],
  [
    [2, 3, 4, 5],
    [2, 3, 4, 1],
  ],
  [[2, 3, 4, 5], []],
  [
    [2, 1, 1, 5],
    [2, 3, 4, 5],
  ],
  [
    [3, 17, 4],
    [3, 1, 4],
  ],
  [
    [3, 17, 4],
    [3, 17, 1],
  ],
  [
    [3, 1, 4],
    [1, 5, 1],
  ],
  [[7, 6], [6]],
  [
    [7, 6],
    [7, 1],
  ],
  [
    [7, 1],
    [1, 6],
  ],
  [[], [7]],
  // More than the 1000 values below which the webgpu backend would compute on the processor.
  [[2, 9, 8, 16], [16]],
  [
    [2, 9, 8, 16],
    [2, 1, 1, 16],
  ],
  [
    [2, 9, 8, 16],
    [2, 9, 8, 16],
  ],
];

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const operations: Readonly<Record<string, readonly [Binary, orders: 1 | 2]>> = {
  add: [tf.add, 1],
  sub: [tf.sub, 1],
  mul: [tf.mul, 2],
  div: [tf.div, 2],
};

const arithmetic = Object.entries(operations).flatMap(([name, [compute, orders]]) =>
  pairs.map(([a, b]): OperationCase => {
    const inputs = [normal(...a), name === 'div' ? positive(...b) : normal(...b)];
    return { name: `${name} [${a.join(', ')}] [${b.join(', ')}]`, inputs, compute, orders };
  }),
);

const choosing: readonly OperationCase[] = [
  // tfjs differentiates the next three for tensors of one shape only, and says so otherwise.
  { name: 'squaredDifference', inputs: [normal(3, 7), normal(3, 7)], compute: tf.squaredDifference },
  { name: 'maximum', inputs: [distinct(4, 5), awayFromZero(4, 5)], compute: tf.maximum, orders: 2 },
  { name: 'maximum with a number', inputs: [awayFromZero(31, 37)], compute: (x) => tf.maximum(x, 0) },
  { name: 'minimum', inputs: [distinct(4, 5), awayFromZero(4, 5)], compute: tf.minimum, orders: 2 },
  {
    name: 'where greater',
    inputs: [awayFromZero(3, 7), normal(3, 7), normal(7, 3)],
    compute: (x, a, b) => tf.where(tf.greater(x, 0), a, tf.transpose(b)),
    orders: 2,
  },
  {
    name: 'comparisons as numbers',
    inputs: [distinct(6, 6), distinct(6)],
    compute: (a, b) => tf.add(tf.cast(tf.less(a, b), 'float32'), tf.cast(tf.greaterEqual(a, 0), 'float32')),
    orders: 0,
    tolerance: 0,
  },
  { name: 'pow', inputs: [positive(4, 5)], compute: (x) => tf.pow(x, 1.7), orders: 2 },
  { name: 'addN', inputs: [normal(4, 5), normal(5, 4)], compute: (a, b) => tf.addN([a, tf.transpose(b), a]) },
];

/** Arithmetic of two tensors, of all the shapes that meet, and choices between them. */
export const broadcastCases: readonly OperationCase[] = [...arithmetic, ...choosing];
