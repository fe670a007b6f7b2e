import type { Rank, Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { reshape, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import { checkInput, checkSizes } from './check-input';
import { conv2d } from './conv2d';
import type { Initialization } from './initialize';
import { initialize } from './initialize';

/** The weights of {@link conv1d}: a kernel `[length, in, out]` and, unless made without, a bias `[out]`. */
export type Conv1d<Leaf> = { readonly kernel: Leaf } | { readonly kernel: Leaf; readonly bias: Leaf };

/** Options of {@link initConv1d}. */
export interface InitConv1dOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  /** The length of the window. @defaultValue 3 */
  readonly kernelSize?: number;
  /** Whether a learned number is added to each output channel; it starts at 0. @defaultValue true */
  readonly bias?: boolean;
  /** @defaultValue 'he-normal' */
  readonly initialization?: Initialization;
}

/** Options of {@link conv1d}. */
export interface Conv1dOptions {
  /** The step of the window. @defaultValue 1 */
  readonly stride?: number;
  /** What is beyond the ends; a number is that many zeros at each. @defaultValue 'same' */
  readonly padding?: 'same' | 'valid' | 'reflect' | number;
  /** How far apart the values are that the window takes. @defaultValue 1 */
  readonly dilation?: number;
}

/**
 * Draws the weights of a convolution over sequences.
 *
 * @throws ConcordError `invalid-option` for a size that is not a whole number above 0
 */
export function initConv1d(random: Random, options: InitConv1dOptions): Conv1d<WeightArray> {
  const { inChannels, outChannels, kernelSize = 3, bias = true, initialization = 'he-normal' } = options;
  checkSizes('conv1d', { inChannels, outChannels, kernelSize });
  const kernel = initialize(random, [kernelSize, inChannels, outChannels], initialization);
  return bias ? { kernel, bias: initialize(random, [outChannels], 'zeros') } : { kernel };
}

/**
 * Convolves sequences: {@link conv2d} on images one row high.
 *
 * @param x - sequences, `[N, length, in]`
 * @returns sequences, `[N, length′, out]`
 * @throws ConcordError `invalid-option` when the input does not fit the kernel
 */
export function conv1d(weights: Conv1d<Tensor>, x: Tensor, options: Conv1dOptions = {}): Tensor3D {
  const [length, inChannels, outChannels] = weights.kernel.shape;
  checkInput('conv1d', x, { ranks: [3], channels: inChannels });
  return tidy(() => {
    const { stride = 1, padding = 'same', dilation = 1 } = options;
    const kernel = reshape(weights.kernel, [1, length, inChannels, outChannels]);
    const images = reshape(x as Tensor3D, [x.shape[0], 1, x.shape[1] as number, inChannels]);
    const flat = 'bias' in weights ? { kernel, bias: weights.bias } : { kernel };
    const around = typeof padding === 'number' ? ([0, padding] as const) : padding;
    const y = conv2d(flat, images, { stride, padding: around, dilation });
    return reshape<Rank.R3>(y, [y.shape[0], y.shape[2], outChannels]);
  });
}
