import * as tf from '@tensorflow/tfjs-core';
import { groupNorm } from '../../../../sdk/nn/ops/group-norm';
import type { OperationCase } from './operation-case';
import { distinct, given, normal, positive } from './operation-case';

interface Reduction {
  readonly shape: readonly number[];
  readonly axes?: readonly number[];
  readonly keep?: boolean;
}

const reductions: readonly Reduction[] = [
  { shape: [2, 3, 4, 5] },
  { shape: [2, 3, 4, 5], axes: [0] },
  { shape: [2, 3, 4, 5], axes: [1, 2] },
  { shape: [2, 3, 4, 5], axes: [1, 2], keep: true },
  { shape: [2, 3, 4, 5], axes: [3], keep: true },
  { shape: [2, 3, 4, 5], axes: [0, 1, 2] },
  { shape: [3, 50, 8], axes: [1] },
  { shape: [3, 4, 6], axes: [2], keep: true },
  { shape: [1500], axes: [0] },
  { shape: [3, 1100], axes: [1] },
  { shape: [1100, 3], axes: [0] },
  { shape: [], axes: [] },
];

type Reduce = (x: tf.Tensor, axes?: number[], keepDims?: boolean) => tf.Tensor;

const reducing: Readonly<Record<string, readonly [Reduce, orders: 1 | 2]>> = {
  sum: [tf.sum, 1],
  mean: [tf.mean, 1],
  max: [tf.max, 1],
  min: [tf.min, 1],
  'sum of squares': [(x, axes, keep) => tf.sum(tf.square(x), axes, keep), 2],
  logSumExp: [tf.logSumExp, 2],
};

const plain = Object.entries(reducing).flatMap(([name, [reduce, orders]]) =>
  reductions.map(({ shape, axes, keep }): OperationCase => {
    // Of one sign, so that what the largest error is measured against does not cancel.
    const input = name === 'max' || name === 'min' ? distinct(...shape) : positive(...shape);
    return {
      name: `${name} of [${shape.join(', ')}] over ${axes?.join(', ') ?? 'all'}${keep === true ? ', kept' : ''}`,
      inputs: [input],
      // Its gradient at the largest value is a difference of nearly equal numbers.
      ...(name === 'logSumExp' ? { floor: 1 } : {}),
      compute: (x) => reduce(x, axes === undefined ? undefined : [...axes], keep),
      orders,
    };
  }),
);

// Softmax with logits that would overflow and vanish, were the largest not subtracted first.
const large = given([1000, 999, 998, -1000, 0, 3, -2000, -2001, -2003, 80, 90, 100], [4, 3]);

/** A group norm computed in float64. */
function plainGroupNorm({ values, shape }: ReturnType<typeof normal>, groups: number): Float64Array {
  const batch = shape[0];
  const channels = shape[shape.length - 1];
  const rows = values.length / batch / channels;
  const size = channels / groups;
  const result = new Float64Array(values.length);
  for (let n = 0; n < batch; n++) {
    for (let group = 0; group < groups; group++) {
      const places = Array.from({ length: rows * size }, (_, i) => {
        return (n * rows + Math.floor(i / size)) * channels + group * size + (i % size);
      });
      const mean = places.reduce((total, i) => total + values[i], 0) / places.length;
      const variance = places.reduce((total, i) => total + (values[i] - mean) ** 2, 0) / places.length;
      for (const i of places) result[i] = (values[i] - mean) / Math.sqrt(variance + 1e-5);
    }
  }
  return result;
}

const norms = (
  [
    [[2, 6, 5, 8], 4],
    [[3, 4, 4, 6], 6],
    [[2, 5, 4, 3], 1],
    [[2, 30, 8], 2],
  ] as const
).flatMap(([shape, groups]): OperationCase[] => {
  const name = `groupNorm of [${shape.join(', ')}] in ${groups}`;
  const input = normal(...shape);
  const compute = (x: tf.Tensor): tf.Tensor => groupNorm(x as tf.Tensor4D, groups);
  return [
    {
      name: `${name}, values`,
      inputs: [input],
      compute,
      orders: 0,
      expected: () => ({ value: plainGroupNorm(input, groups) }),
    },
    { name, inputs: [input], compute, orders: 2, tolerance: 5e-5 },
  ];
});

/** Sums, means, extremes, softmax and norms. */
export const reductionCases: readonly OperationCase[] = [
  ...plain,
  ...norms,
  { name: 'softmax', inputs: [normal(2, 7, 33)], compute: (x) => tf.softmax(x), orders: 2 },
  { name: 'softmax of large logits', inputs: [large], compute: (x) => tf.softmax(x), orders: 0 },
  { name: 'logSoftmax', inputs: [normal(7, 9)], compute: (x) => tf.logSoftmax(x) },
  { name: 'logSoftmax of large logits', inputs: [large], compute: (x) => tf.logSoftmax(x), orders: 0 },
  {
    name: 'argMax',
    inputs: [distinct(5, 7)],
    compute: (x) => tf.cast(tf.argMax(x, 1), 'float32'),
    orders: 0,
    tolerance: 0,
  },
  { name: 'norm', inputs: [normal(40, 30)], compute: (x) => tf.norm(x) },
];
