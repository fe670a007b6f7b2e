import type { Tensor } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import { checkInput } from './check-input';
import type { Convolution, Features } from './convolution';
import { initConvolution } from './convolution';
import { downsample } from './resample';
import { resamplingConvolution } from './resampling-convolution';

/** What every such block has. */
type CriticPath<Leaf> = { readonly inConv: Convolution<Leaf>; readonly outConv: Convolution<Leaf> };

/**
 * The weights of {@link criticResidualBlock}; where it changes the number of channels with a 1×1 convolution beside it.
 */
export type CriticResidualBlock<Leaf> =
  CriticPath<Leaf> | (CriticPath<Leaf> & { readonly skip: Convolution<Leaf> });

/** Options of {@link initCriticResidualBlock}. */
export interface InitCriticResidualBlockOptions {
  readonly inChannels: number;
  /** @defaultValue inChannels */
  readonly outChannels?: number;
  /** Which of the two convolutions changes the number of channels. @defaultValue 'last' */
  readonly widen?: 'first' | 'last';
  /** The slope below 0 of the rectifiers. @defaultValue 0.2 */
  readonly slope?: number;
  /** 2 for images, 1 for sequences. @defaultValue 2 */
  readonly dimensions?: 1 | 2;
}

/** Options of {@link criticResidualBlock}. */
export interface CriticResidualBlockOptions {
  /** @defaultValue 'down' */
  readonly resampling?: 'down' | 'none';
  /** The slope below 0 of the rectifiers. @defaultValue 0.2 */
  readonly slope?: number;
}

/** Draws the weights of a residual block for critics and style encoders. */
export function initCriticResidualBlock(
  random: Random,
  options: InitCriticResidualBlockOptions,
): CriticResidualBlock<WeightArray> {
  const { inChannels, outChannels = inChannels, widen = 'last', slope = 0.2, dimensions } = options;
  const between = widen === 'first' ? outChannels : inChannels;
  const initialization = { name: 'he-normal', slope } as const;
  const path: CriticPath<WeightArray> = {
    inConv: initConvolution(random, { inChannels, outChannels: between, dimensions, initialization }),
    outConv: initConvolution(random, { inChannels: between, outChannels, dimensions, initialization }),
  };
  if (inChannels === outChannels) return path;
  const skip = initConvolution(random, {
    inChannels,
    outChannels,
    dimensions,
    kernelSize: 1,
    bias: false,
    initialization: 'lecun-normal',
  });
  return { ...path, skip };
}

/**
 * Applies a residual block of a critic or style encoder, without normalization: leaky rectifier, convolution, average of
 * neighbors, leaky rectifier, convolution; plus the input, averaged alike and brought to the same channels; divided by
 * √2 to keep the variance (Choi et al. 2020, arXiv:1912.01865, appendix).
 *
 * @param x - `[N, H, W, in]` or `[N, length, in]`
 * @throws ConcordError `invalid-option` when the input does not fit the weights, or cannot be halved
 */
export function criticResidualBlock<X extends Features>(
  weights: CriticResidualBlock<Tensor>,
  x: X,
  { resampling = 'down', slope = 0.2 }: CriticResidualBlockOptions = {},
): X {
  const { kernel } = weights.inConv;
  const ranks = [kernel.rank];
  checkInput('critic residual block', x, { ranks, channels: kernel.shape[kernel.rank - 2] });
  return tidy(() => {
    const inner = resamplingConvolution(weights.inConv, x, { slope, resampling });
    // A 1×1 convolution and the average can change places; this order convolves a quarter of the values.
    const beside = resampling === 'down' ? downsample(x) : x;
    const added = 'skip' in weights ? resamplingConvolution(weights.skip, beside) : beside;
    return resamplingConvolution(weights.outConv, inner, { slope, added, factor: Math.SQRT1_2 });
  });
}
