import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { add, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { AdaptiveInstanceNorm } from './adaptive-norm';
import { initAdaptiveInstanceNorm } from './adaptive-norm';
import { checkInput } from './check-input';
import type { Convolution, Features } from './convolution';
import { convolution, initConvolution } from './convolution';
import type { Norm } from './norm';
import { initNorm } from './norm';
import { steeredNorm } from './steered-norm';

/** The weights of {@link instanceResidualBlock}: two convolutions, each with its normalization. */
export type InstanceResidualBlock<Leaf> = {
  readonly inConv: Convolution<Leaf>;
  readonly inNorm: Norm<Leaf> | AdaptiveInstanceNorm<Leaf>;
  readonly outConv: Convolution<Leaf>;
  readonly outNorm: Norm<Leaf> | AdaptiveInstanceNorm<Leaf>;
};

/** Options of {@link initInstanceResidualBlock}. */
export interface InitInstanceResidualBlockOptions {
  readonly channels: number;
  /** The length of the style that steers the normalizations. @defaultValue no style: their scale and shift are learned */
  readonly styleSize?: number;
  /** The slope below 0 of the rectifier between. @defaultValue 0.2 */
  readonly slope?: number;
  /** 2 for images, 1 for sequences. @defaultValue 2 */
  readonly dimensions?: 1 | 2;
}

/** Options of {@link instanceResidualBlock}. */
export interface InstanceResidualBlockOptions {
  /** The style, `[N, style size]`; needed where the weights were made for one. */
  readonly style?: Tensor2D;
  /** The slope below 0 of the rectifier between. @defaultValue 0.2 */
  readonly slope?: number;
  /** @defaultValue 'reflect' */
  readonly padding?: 'same' | 'reflect';
}

/**
 * Draws the weights of an instance-normalized residual block. Its convolutions have no bias: the normalization that
 * follows would take it out again.
 */
export function initInstanceResidualBlock(
  random: Random,
  options: InitInstanceResidualBlockOptions,
): InstanceResidualBlock<WeightArray> {
  const { channels, styleSize, slope = 0.2, dimensions } = options;
  const conv = (): Convolution<WeightArray> =>
    initConvolution(random, {
      inChannels: channels,
      outChannels: channels,
      dimensions,
      bias: false,
      initialization: { name: 'he-normal', slope },
    });
  const norm = (): Norm<WeightArray> | AdaptiveInstanceNorm<WeightArray> =>
    styleSize === undefined ? initNorm(channels) : initAdaptiveInstanceNorm(random, { channels, styleSize });
  return { inConv: conv(), inNorm: norm(), outConv: conv(), outNorm: norm() };
}

/**
 * Applies a residual block of an image translator: convolution, instance norm, leaky rectifier, convolution, instance
 * norm; plus the input. With a style the norms are adaptive (Huang et al. 2018, arXiv:1804.04732, appendix B).
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 * @throws ConcordError `invalid-option` when the input or the style does not fit the weights
 */
export function instanceResidualBlock<X extends Features>(
  weights: InstanceResidualBlock<Tensor>,
  x: X,
  { style, slope = 0.2, padding = 'reflect' }: InstanceResidualBlockOptions = {},
): X {
  const { kernel } = weights.inConv;
  const ranks = [kernel.rank];
  const block = 'instance residual block';
  checkInput(block, x, { ranks, channels: kernel.shape[kernel.rank - 2] });
  return tidy(() => {
    const inner = convolution(weights.inConv, x, { padding });
    const activated = steeredNorm(weights.inNorm, inner, { block, style, activation: 'leaky-relu', slope });
    const outer = convolution(weights.outConv, activated, { padding });
    return add<X>(x, steeredNorm(weights.outNorm, outer, { block, style }));
  });
}
