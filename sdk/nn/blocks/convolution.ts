import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Conv1d } from './conv1d';
import { conv1d, initConv1d } from './conv1d';
import type { Conv2d } from './conv2d';
import { conv2d, initConv2d } from './conv2d';
import type { Initialization } from './initialize';

/** What flows through a network: sequences `[N, length, C]` or images `[N, H, W, C]`. */
export type Features = Tensor3D | Tensor4D;

/** The weights of {@link convolution}: those of a convolution over images or over sequences. */
export type Convolution<Leaf> = Conv2d<Leaf> | Conv1d<Leaf>;

/** Options of {@link initConvolution}. */
export interface InitConvolutionOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  /** 2 for images, 1 for sequences. @defaultValue 2 */
  readonly dimensions?: 1 | 2;
  /** The side of the window. @defaultValue 3 */
  readonly kernelSize?: number;
  /** @defaultValue true */
  readonly bias?: boolean;
  /** @defaultValue 'he-normal' */
  readonly initialization?: Initialization;
}

/** Options of {@link convolution}. */
export interface ConvolutionOptions {
  /** @defaultValue 1 */
  readonly stride?: number;
  /** @defaultValue 'same' */
  readonly padding?: 'same' | 'valid' | 'reflect' | number;
}

/** Options of {@link convolution} with what is added to its result. */
export interface AddingConvolutionOptions<X extends Features> extends ConvolutionOptions {
  /** Added to the result, of the same shape: in the same pass over images where the backend can. @defaultValue nothing */
  readonly added?: X;
}

/**
 * Draws the weights of a convolution over images or sequences, for blocks that work on both.
 *
 * @throws ConcordError `invalid-option` for a size that is not a whole number above 0
 */
export function initConvolution(random: Random, options: InitConvolutionOptions): Convolution<WeightArray> {
  const { dimensions = 2, ...rest } = options;
  return dimensions === 1 ? initConv1d(random, rest) : initConv2d(random, rest);
}

/**
 * Convolves images or sequences, whichever the kernel is for.
 *
 * @param x - `[N, H, W, in]` or `[N, length, in]`
 * @throws ConcordError `invalid-option` when the input does not fit the kernel
 */
export function convolution<X extends Features>(
  weights: Convolution<Tensor>,
  x: X,
  { added, ...options }: AddingConvolutionOptions<X> = {},
): X {
  if (weights.kernel.rank === 4) {
    return conv2d(weights, x, { ...options, added: added as Tensor4D | undefined }) as Tensor as X;
  }
  return tidy(() => {
    const convolved = conv1d(weights, x, options) as Tensor as X;
    return added === undefined ? convolved : add<X>(convolved, added);
  });
}
