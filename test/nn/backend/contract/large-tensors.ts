import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { OperationCase } from './operation-case';

/** An operation on tensors too large to be checked value by value. */
export interface LargeCase {
  readonly name: string;
  readonly compute: () => Tensor;
  /** The output's value at a position, in float64. */
  readonly valueAt: (position: number) => number;
  /** @defaultValue 1e-5, against the value plus 1 */
  readonly tolerance?: OperationCase['tolerance'];
}

/** A number for each place, without a short period: made once for all cases and backends, when first asked for. */
let known = new Float32Array(0);
const number = (place: number): number => known[place];

function numbers(...shape: number[]): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  if (known.length < length) {
    known = new Float32Array(length);
    for (let place = 0; place < length; place++) known[place] = Math.sin(place * 0.7) + 0.3;
  }
  return tf.tensor(known.slice(0, length), shape);
}

const sumOf = (length: number, term: (index: number) => number): number => {
  let total = 0;
  for (let index = 0; index < length; index++) total += term(index);
  return total;
};

/** The value of a 3×3 convolution of 64×64 images, zeros around. */
function convolved(position: number, inChannels: number, outChannels: number): number {
  const out = position % outChannels;
  const pixel = Math.floor(position / outChannels);
  const x = pixel % 64;
  const y = Math.floor(pixel / 64) % 64;
  const image = Math.floor(pixel / 4096);
  return sumOf(9 * inChannels, (index) => {
    const channel = index % inChannels;
    const tap = Math.floor(index / inChannels);
    const row = y + Math.floor(tap / 3) - 1;
    const column = x + (tap % 3) - 1;
    if (row < 0 || row > 63 || column < 0 || column > 63) return 0;
    const at = ((image * 64 + row) * 64 + column) * inChannels + channel;
    return number(at) * number(index * outChannels + out);
  });
}

// A graphics card counts its workgroups to 65535 along one axis; each of these needs more of something.
export const largeCases: readonly LargeCase[] = [
  {
    name: 'a bias added to 9 million values',
    compute: () => tf.add(numbers(17, 64, 64, 128), numbers(128)),
    valueAt: (i) => number(i) + number(i % 128),
  },
  {
    name: 'relu of 4 million values',
    compute: () => tf.relu(numbers(16, 64, 64, 64)),
    valueAt: (i) => Math.max(0, number(i)),
  },
  {
    name: 'mean of each channel of 16 × 64 × 64 × 64',
    compute: () => tf.mean(numbers(16, 64, 64, 64), [1, 2]),
    valueAt: (i) => sumOf(4096, (k) => number((Math.floor(i / 64) * 4096 + k) * 64 + (i % 64))) / 4096,
  },
  {
    name: 'sum of each of 66000 rows',
    compute: () => tf.sum(numbers(66000, 3), 1),
    valueAt: (i) => sumOf(3, (k) => number(3 * i + k)),
  },
  {
    name: 'product of 70000 rows with a matrix',
    compute: () => tf.matMul(numbers(70000, 4), numbers(4, 5)),
    valueAt: (i) => sumOf(4, (k) => number(4 * Math.floor(i / 5) + k) * number(5 * k + (i % 5))),
  },
  {
    name: 'conv2d of 17 × 64 × 64 × 4',
    compute: () => tf.conv2d(numbers(17, 64, 64, 4) as Tensor4D, numbers(3, 3, 4, 4) as Tensor4D, 1, 'same'),
    valueAt: (i) => convolved(i, 4, 4),
  },
  {
    name: 'average pooling of 16 × 64 × 64 × 64',
    compute: () => tf.avgPool(numbers(16, 64, 64, 64) as Tensor4D, 2, 2, 'valid'),
    valueAt: (i) => {
      const channel = i % 64;
      const pixel = Math.floor(i / 64);
      const corner = Math.floor(pixel / 32) * 128 + (pixel % 32) * 2;
      return [0, 1, 64, 65].reduce((total, step) => total + number((corner + step) * 64 + channel), 0) / 4;
    },
  },
];
