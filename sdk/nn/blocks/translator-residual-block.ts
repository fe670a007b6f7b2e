import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { AdaptiveInstanceNorm } from './adaptive-norm';
import { initAdaptiveInstanceNorm } from './adaptive-norm';
import { checkInput } from './check-input';
import type { Conv2d } from './conv2d';
import { initConv2d } from './conv2d';
import type { Norm } from './norm';
import { initNorm } from './norm';
import type { Resampling } from './resample';
import { downsample, upsample } from './resample';
import { resamplingConvolution } from './resampling-convolution';
import { steeredNorm } from './steered-norm';

/** What every such block has. */
type TranslatorPath<Leaf> = {
  readonly inNorm: Norm<Leaf> | AdaptiveInstanceNorm<Leaf>;
  readonly inConv: Conv2d<Leaf>;
  readonly outNorm: Norm<Leaf> | AdaptiveInstanceNorm<Leaf>;
  readonly outConv: Conv2d<Leaf>;
};

/**
 * The weights of {@link translatorResidualBlock}; where it changes the number of channels with a 1 × 1 convolution beside it.
 */
export type TranslatorResidualBlock<Leaf> =
  TranslatorPath<Leaf> | (TranslatorPath<Leaf> & { readonly skip: Conv2d<Leaf> });

/** Options of {@link initTranslatorResidualBlock}. */
export interface InitTranslatorResidualBlockOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  /**
   * The length of the style that steers the normalizations; then the first convolution changes the number of channels, else
   * the last.
   *
   * @defaultValue no style: scale and shift are learned
   */
  readonly styleSize?: number;
}

/** Options of {@link translatorResidualBlock}. */
export interface TranslatorResidualBlockOptions {
  /** @defaultValue 'none' */
  readonly resampling?: Resampling;
  /** The style, `[N, style size]`; needed where the weights were made for one. */
  readonly style?: Tensor2D;
}

/** Draws the weights of a residual block that normalizes before it convolves. */
export function initTranslatorResidualBlock(
  random: Random,
  { inChannels, outChannels, styleSize }: InitTranslatorResidualBlockOptions,
): TranslatorResidualBlock<WeightArray> {
  const between = styleSize === undefined ? inChannels : outChannels;
  const norm = (channels: number): Norm<WeightArray> | AdaptiveInstanceNorm<WeightArray> =>
    styleSize === undefined ? initNorm(channels) : initAdaptiveInstanceNorm(random, { channels, styleSize });
  const conv = (from: number, to: number): Conv2d<WeightArray> =>
    initConv2d(random, {
      inChannels: from,
      outChannels: to,
      initialization: { name: 'he-normal', slope: 0.2 },
    });
  const path: TranslatorPath<WeightArray> = {
    inNorm: norm(inChannels),
    inConv: conv(inChannels, between),
    outNorm: norm(between),
    outConv: conv(between, outChannels),
  };
  if (inChannels === outChannels) return path;
  const skip = {
    inChannels,
    outChannels,
    kernelSize: 1,
    bias: false,
    initialization: 'lecun-normal',
  } as const;
  return { ...path, skip: initConv2d(random, skip) };
}

/**
 * Applies a residual block of an image translator that normalizes first: instance norm (adaptive where a style steers it),
 * leaky rectifier, convolution, twice; plus the input, brought to the same resolution and channels; divided by √2 to keep the
 * variance. The resolution is doubled before the first convolution, or halved after it (Choi et al. 2020,
 * arXiv:1912.01865, appendix).
 *
 * @param x - `[N, H, W, in]`
 * @throws ConcordError `invalid-option` when the input or the style does not fit the weights, or it cannot be halved
 */
export function translatorResidualBlock(
  weights: TranslatorResidualBlock<Tensor>,
  x: Tensor4D,
  { resampling = 'none', style }: TranslatorResidualBlockOptions = {},
): Tensor4D {
  const block = 'translator residual block';
  checkInput(block, x, { ranks: [4], channels: weights.inConv.kernel.shape[2] });
  return tidy(() => {
    const grown = (features: Tensor4D): Tensor4D => (resampling === 'up' ? upsample(features) : features);
    const halved = (features: Tensor4D): Tensor4D =>
      resampling === 'down' ? downsample(features) : features;
    const activation = { block, style, activation: 'leaky-relu', slope: 0.2 } as const;
    const inner = resamplingConvolution(weights.inConv, steeredNorm(weights.inNorm, x, activation), {
      resampling,
    });
    const normalized = steeredNorm(weights.outNorm, inner, activation);
    // A 1 × 1 convolution can change places with the average and with the doubling: it is done at the lower resolution.
    const small = halved(x);
    const added = grown('skip' in weights ? resamplingConvolution(weights.skip, small) : small);
    return resamplingConvolution(weights.outConv, normalized, { added, factor: Math.SQRT1_2 });
  });
}
