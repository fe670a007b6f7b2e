import type { Tensor } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { AdaptiveGroupNorm, Conditions } from './adaptive-norm';
import { applyAdaptiveNorm, initAdaptiveGroupNorm } from './adaptive-norm';
import { checkInput } from './check-input';
import type { Convolution, Features } from './convolution';
import { convolution, initConvolution } from './convolution';
import type { DropoutOptions } from './dropout';
import { dropout } from './dropout';
import type { Norm } from './norm';
import { applyNorm, initNorm } from './norm';
import type { Resampling } from './resample';
import { downsample, resampleFeatures, upsample } from './resample';
import { resamplingConvolution } from './resampling-convolution';

/** What every residual block has. */
type ResidualPath<Leaf> = {
  readonly inNorm: Norm<Leaf>;
  readonly inConv: Convolution<Leaf>;
  readonly outNorm: AdaptiveGroupNorm<Leaf>;
  readonly outConv: Convolution<Leaf>;
};

/** The weights of {@link residualBlock}; where it changes the number of channels with a 1×1 convolution beside it. */
export type ResidualBlock<Leaf> =
  ResidualPath<Leaf> | (ResidualPath<Leaf> & { readonly skip: Convolution<Leaf> });

/** Options of {@link initResidualBlock}. */
export interface InitResidualBlockOptions {
  readonly inChannels: number;
  /** @defaultValue inChannels */
  readonly outChannels?: number;
  /** The length of the time embedding. @defaultValue no time */
  readonly timeSize?: number;
  /** The length of each code. @defaultValue [] */
  readonly codeSizes?: readonly number[];
  /** 2 for images, 1 for sequences. @defaultValue 2 */
  readonly dimensions?: 1 | 2;
}

/** Options of {@link residualBlock}. */
export interface ResidualBlockOptions extends Conditions {
  /** A change of resolution, before the first convolution. @defaultValue 'none' */
  readonly resampling?: Resampling;
  /** The groups of both normalizations. @defaultValue 32 */
  readonly groups?: number;
  /** Given while training. @defaultValue none */
  readonly dropout?: DropoutOptions;
}

/** Draws the weights of a residual block. The last convolution starts at 0, so that the block starts as its skip path. */
export function initResidualBlock(
  random: Random,
  options: InitResidualBlockOptions,
): ResidualBlock<WeightArray> {
  const { inChannels, outChannels = inChannels, dimensions, timeSize, codeSizes } = options;
  const path: ResidualPath<WeightArray> = {
    inNorm: initNorm(inChannels),
    inConv: initConvolution(random, { inChannels, outChannels, dimensions }),
    outNorm: initAdaptiveGroupNorm(random, { channels: outChannels, timeSize, codeSizes }),
    outConv: initConvolution(random, {
      inChannels: outChannels,
      outChannels,
      dimensions,
      initialization: 'zeros',
    }),
  };
  if (inChannels === outChannels) return path;
  const initialization = 'lecun-normal';
  const skip = initConvolution(random, {
    inChannels,
    outChannels,
    dimensions,
    kernelSize: 1,
    initialization,
  });
  return { ...path, skip };
}

/**
 * Applies a residual block of a diffusion network: group norm, SiLU, change of resolution, convolution; group norm
 * steered by time and codes, SiLU, dropout, convolution; plus the input, resampled alike and brought to the same
 * channels (Dhariwal & Nichol 2021, arXiv:2105.05233; with codes Preechakul et al. 2022, arXiv:2111.15640).
 *
 * @param x - `[N, H, W, in]` or `[N, length, in]`
 * @throws ConcordError `invalid-option` when the input or a condition does not fit the weights
 */
export function residualBlock<X extends Features>(
  weights: ResidualBlock<Tensor>,
  x: X,
  options: ResidualBlockOptions = {},
): X {
  const { resampling = 'none', groups, time, codes, dropout: dropped } = options;
  checkInput('residual block', x, {
    ranks: [weights.inConv.kernel.rank],
    channels: weights.inNorm.scale.size,
  });
  return tidy(() => {
    const activated = applyNorm(weights.inNorm, x, { groups, activation: 'silu' });
    const inner =
      resampling === 'up'
        ? resamplingConvolution(weights.inConv, activated, { resampling })
        : convolution(weights.inConv, resampleFeatures(activated, resampling));
    const steered = applyAdaptiveNorm(weights.outNorm, inner, { time, codes, groups, activation: 'silu' });
    // A 1 × 1 convolution and a change of resolution can change places: it is done at the lower one.
    const small = resampling === 'down' ? downsample(x) : x;
    const beside = 'skip' in weights ? convolution(weights.skip, small) : small;
    const added = resampling === 'up' ? upsample(beside) : beside;
    return convolution(weights.outConv, dropped === undefined ? steered : dropout(steered, dropped), {
      added,
    });
  });
}
