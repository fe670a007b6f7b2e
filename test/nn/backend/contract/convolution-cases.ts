import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { conv2d, conv2dTranspose, pad as padZeros } from '@tensorflow/tfjs-core';
import { biasedConv2d } from '../../../../sdk/nn/blocks/biased-conv2d';
import type { OperationCase } from './operation-case';
import { normal } from './operation-case';
import { plainConvolution, samePadding } from './plain-convolution';

interface Geometry {
  readonly kernel: number | readonly [number, number];
  readonly stride: number;
  readonly pad: 'same' | 'valid' | number | readonly [readonly [number, number], readonly [number, number]];
  readonly batch: number;
  readonly size: readonly [number, number];
  readonly channels: readonly [number, number];
  readonly dilation?: number;
  readonly orders?: 0 | 1 | 2;
}

// Every pair of kernel 1, 3, 4, 7 × stride × padding × batch × 1, 3, 32, 33 channels × odd and even sizes would be
// hundreds; here each value of one meets each value of every other at least once.
const geometries: readonly Geometry[] = [
  { kernel: 1, stride: 1, pad: 'same', batch: 4, size: [7, 5], channels: [33, 32], orders: 2 },
  { kernel: 1, stride: 2, pad: 'valid', batch: 1, size: [9, 7], channels: [3, 33] },
  { kernel: 1, stride: 1, pad: 'same', batch: 1, size: [8, 6], channels: [32, 1] },
  { kernel: 3, stride: 1, pad: 'same', batch: 4, size: [7, 5], channels: [32, 33] },
  { kernel: 3, stride: 1, pad: 'same', batch: 1, size: [8, 8], channels: [3, 4], orders: 2 },
  { kernel: 3, stride: 2, pad: 'same', batch: 1, size: [9, 7], channels: [33, 3], orders: 2 },
  { kernel: 3, stride: 2, pad: 'same', batch: 4, size: [8, 6], channels: [3, 32] },
  { kernel: 3, stride: 1, pad: 'valid', batch: 1, size: [7, 9], channels: [1, 1], orders: 2 },
  { kernel: 3, stride: 1, pad: 1, batch: 4, size: [5, 6], channels: [1, 3] },
  { kernel: 3, stride: 2, pad: 'valid', batch: 4, size: [9, 9], channels: [32, 32] },
  { kernel: 4, stride: 2, pad: 1, batch: 1, size: [8, 10], channels: [32, 1] },
  { kernel: 4, stride: 1, pad: 'same', batch: 4, size: [9, 7], channels: [3, 1] },
  { kernel: 4, stride: 2, pad: 'same', batch: 4, size: [9, 7], channels: [1, 33], orders: 2 },
  { kernel: 4, stride: 1, pad: 'valid', batch: 1, size: [6, 5], channels: [33, 33] },
  { kernel: 7, stride: 1, pad: 'same', batch: 1, size: [9, 11], channels: [3, 32] },
  { kernel: 7, stride: 2, pad: 'valid', batch: 4, size: [11, 9], channels: [33, 1] },
  { kernel: 7, stride: 1, pad: 3, batch: 4, size: [8, 8], channels: [1, 3], orders: 2 },
  {
    kernel: 3,
    stride: 1,
    pad: [
      [1, 0],
      [0, 2],
    ],
    batch: 1,
    size: [6, 6],
    channels: [3, 3],
  },
  {
    kernel: 4,
    stride: 2,
    pad: [
      [1, 2],
      [2, 1],
    ],
    batch: 2,
    size: [7, 7],
    channels: [4, 8],
  },
  // As sequences are convolved, and images whose axes differ.
  { kernel: [1, 3], stride: 1, pad: 'same', batch: 4, size: [1, 17], channels: [3, 32] },
  { kernel: [1, 4], stride: 2, pad: 'same', batch: 1, size: [1, 16], channels: [32, 3] },
  { kernel: [7, 1], stride: 1, pad: 'same', batch: 1, size: [9, 5], channels: [4, 4] },
  // An output of one value for each channel, and images smaller than the window.
  { kernel: 4, stride: 1, pad: 'valid', batch: 4, size: [4, 4], channels: [32, 1] },
  { kernel: 7, stride: 1, pad: 'same', batch: 1, size: [3, 2], channels: [3, 3] },
  // tfjs differentiates undilated convolutions only.
  { kernel: 3, stride: 1, pad: 'same', batch: 2, size: [9, 9], channels: [3, 4], dilation: 2, orders: 0 },
];

function convolutionCase(geometry: Geometry): OperationCase {
  const { stride, pad, batch, size, channels, dilation = 1, orders } = geometry;
  const kernel = typeof geometry.kernel === 'number' ? [geometry.kernel, geometry.kernel] : geometry.kernel;
  const inputs = [normal(batch, ...size, channels[0]), normal(kernel[0], kernel[1], ...channels)];
  const around = ([0, 1] as const).map((axis): readonly [number, number] => {
    if (pad === 'valid') return [0, 0];
    if (pad === 'same') return samePadding(size[axis], (kernel[axis] - 1) * dilation + 1, stride);
    return typeof pad === 'number' ? [pad, pad] : pad[axis];
  }) as [[number, number], [number, number]];
  const explicit: [number, number][] = [[0, 0], ...around, [0, 0]];
  return {
    name:
      `conv2d ${kernel.join('×')} stride ${stride} ${JSON.stringify(pad)} of ${batch}×${size.join('×')}, ` +
      `${channels.join(' → ')} channels${dilation === 1 ? '' : `, dilation ${dilation}`}`,
    inputs,
    compute: (x, filter) => {
      // Native TensorFlow knows no convolution with explicit zeros, so networks put them there first.
      const [images, rest] = typeof pad === 'string' ? [x, pad] : [padZeros(x, explicit), 'valid' as const];
      return conv2d(images as Tensor4D, filter as Tensor4D, stride, rest, 'NHWC', dilation);
    },
    expected: () => plainConvolution(inputs[0], inputs[1], { strides: [stride, stride], around, dilation }),
    orders,
  };
}

/** Convolutions and, as their gradients, transposed ones. */
export const convolutionCases: readonly OperationCase[] = [
  ...geometries.map(convolutionCase),
  ...([1, 2] as const).map((stride): OperationCase => ({
    name: `conv2d 3×3 stride ${stride} with a bias, in one kernel`,
    inputs: [normal(2, 6, 5, 3), normal(3, 3, 3, 4), normal(4)],
    compute: (x, filter, bias) =>
      biasedConv2d(
        x as Tensor4D,
        { filter: filter as Tensor4D, bias: bias as Tensor1D },
        { stride, pad: 'same' },
      ),
    orders: 2,
  })),
  {
    name: 'conv2dTranspose 4×4 stride 2',
    inputs: [normal(2, 5, 4, 3), normal(4, 4, 5, 3)],
    compute: (x, filter) => conv2dTranspose(x as Tensor4D, filter as Tensor4D, [2, 10, 8, 5], 2, 'same'),
  },
];
