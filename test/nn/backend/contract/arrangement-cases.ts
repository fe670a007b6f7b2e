import * as tf from '@tensorflow/tfjs-core';
import type { OperationCase } from './operation-case';
import { indices, normal } from './operation-case';

type Case = Pick<OperationCase, 'inputs' | 'compute'> & { readonly orders?: 0 | 1 | 2 };

// What only moves values moves them exactly, forward. Its gradients add at most a few.
const moves: Readonly<Record<string, Case>> = {
  reshape: { inputs: [normal(2, 3, 4, 5)], compute: (x) => tf.reshape(x, [6, 20]) },
  'reshape, then add': { inputs: [normal(6, 20)], compute: (x) => tf.reshape(x, [-1, 5]) },
  'transpose of rows and columns': { inputs: [normal(37, 41)], compute: (x) => tf.transpose(x) },
  'transpose heads': { inputs: [normal(2, 5, 3, 4)], compute: (x) => tf.transpose(x, [0, 2, 1, 3]) },
  'transpose channels first': { inputs: [normal(2, 5, 3, 4)], compute: (x) => tf.transpose(x, [0, 3, 1, 2]) },
  'transpose batch last': { inputs: [normal(2, 5, 3, 4)], compute: (x) => tf.transpose(x, [3, 1, 2, 0]) },
  'transpose three axes': { inputs: [normal(4, 5, 6)], compute: (x) => tf.transpose(x, [2, 0, 1]) },
  'concat of rows': {
    inputs: [normal(2, 3), normal(4, 3), normal(1, 3)],
    compute: (...parts) => tf.concat(parts, 0),
  },
  'concat of channels': {
    inputs: [normal(2, 3, 4, 5), normal(2, 3, 4, 1)],
    compute: (...parts) => tf.concat(parts, 3),
  },
  'concat along height': {
    inputs: [normal(2, 3, 4, 5), normal(2, 1, 4, 5)],
    compute: (...parts) => tf.concat(parts, 1),
  },
  'concat along width with itself': { inputs: [normal(2, 3, 4, 5)], compute: (x) => tf.concat([x, x], 2) },
  'concat of many': {
    inputs: Array.from({ length: 12 }, (_, i) => normal(i + 1, 2)),
    compute: (...parts) => tf.concat(parts, 0),
  },
  'slice of images': {
    inputs: [normal(4, 5, 6, 3)],
    compute: (x) => tf.slice(x, [1, 2, 0, 1], [2, 3, 6, 1]),
  },
  'slice of rows': { inputs: [normal(40, 50)], compute: (x) => tf.slice(x, [3, 7], [30, 40]) },
  'slice of three axes': { inputs: [normal(4, 5, 6)], compute: (x) => tf.slice(x, [0, 0, 2], [-1, -1, 4]) },
  'slice of a vector': { inputs: [normal(50)], compute: (x) => tf.slice(x, [20], [7]) },
  'pad with zeros': {
    inputs: [normal(2, 3, 4, 5)],
    compute: (x) =>
      tf.pad(x, [
        [0, 0],
        [1, 2],
        [3, 0],
        [0, 1],
      ]),
  },
  'pad with a value': {
    inputs: [normal(3, 4)],
    compute: (x) =>
      tf.pad(
        x,
        [
          [1, 1],
          [0, 2],
        ],
        -7,
      ),
  },
  tile: { inputs: [normal(2, 3, 4)], compute: (x) => tf.tile(x, [2, 1, 3]) },
  'tile of rows': { inputs: [normal(5, 2)], compute: (x) => tf.tile(x, [3, 2]) },
  stack: { inputs: [normal(3, 4), normal(4, 3)], compute: (a, b) => tf.stack([a, tf.transpose(b)], 1) },
  unstack: { inputs: [normal(3, 4)], compute: (x) => tf.add(tf.unstack(x)[1], tf.unstack(x, 1)[0].shape[0]) },
  'split in three': { inputs: [normal(2, 4, 9)], compute: (x) => tf.split(x, 3, 2)[1] },
  'split in unequal parts': { inputs: [normal(2, 4, 9)], compute: (x) => tf.split(x, [2, 6, 1], 2)[1] },
  'gather of rows, some twice': {
    inputs: [normal(6, 7), indices(5, 0, 3, 3, 1)],
    compute: (x, rows) => tf.gather(x, rows),
  },
  'gather along the second axis': {
    inputs: [normal(3, 6, 4), indices(2, 2, 5)],
    compute: (x, at) => tf.gather(x, at, 1),
  },
  oneHot: {
    inputs: [indices(2, 0, 3, 1, 9, -1)],
    compute: (at) => tf.cast(tf.oneHot(at as tf.Tensor1D, 4), 'float32'),
    orders: 0,
  },
  reverse: { inputs: [normal(2, 5, 4, 3)], compute: (x) => tf.reverse(x, 1) },
  'expandDims and squeeze': {
    inputs: [normal(3, 1, 4)],
    compute: (x) => tf.squeeze(tf.expandDims(x, 0), [2]),
  },
  'cast to whole numbers and back': {
    inputs: [normal(40, 40)],
    compute: (x) => tf.cast(tf.cast(tf.mul(x, 4), 'int32'), 'float32'),
    orders: 0,
  },
};

type Image = tf.Tensor4D;

const sampling: Readonly<Record<string, Case>> = {
  'resizeNearestNeighbor to twice the size': {
    inputs: [normal(2, 3, 5, 4)],
    compute: (x) => tf.image.resizeNearestNeighbor(x as Image, [6, 10]),
    orders: 2,
  },
  'resizeBilinear to twice the size': {
    inputs: [normal(2, 3, 5, 4)],
    compute: (x) => tf.image.resizeBilinear(x as Image, [6, 10], false, true),
    orders: 0,
  },
  'avgPool 2×2': {
    inputs: [normal(2, 6, 4, 5)],
    compute: (x) => tf.avgPool(x as Image, 2, 2, 'valid'),
    orders: 2,
  },
  'avgPool 2×2 of odd sizes': {
    inputs: [normal(2, 7, 5, 3)],
    compute: (x) => tf.avgPool(x as Image, 2, 2, 'valid'),
  },
  'avgPool 1×2': {
    inputs: [normal(2, 1, 8, 5)],
    compute: (x) => tf.avgPool(x as Image, [1, 2], [1, 2], 'valid'),
  },
};

/** What moves, repeats, joins and cuts values, and what changes the resolution of images. */
export const arrangementCases: readonly OperationCase[] = [
  ...Object.entries(moves).map(([name, move]) => ({ name, floor: 1, tolerance: 1e-6, ...move })),
  ...Object.entries(sampling).map(([name, sample]) => ({ name, ...sample })),
];
