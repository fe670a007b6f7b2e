import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { add, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { AdaptiveInstanceNorm } from './adaptive-norm';
import { initAdaptiveInstanceNorm } from './adaptive-norm';
import { checkInput } from './check-input';
import type { Convolution, Features } from './convolution';
import { convolution, initConvolution } from './convolution';
import type { Initialization } from './initialize';
import type { Norm } from './norm';
import { initNorm, plainInstanceNorm } from './norm';
import { steeredNorm } from './steered-norm';

type Convolutions<Leaf> = { readonly inConv: Convolution<Leaf>; readonly outConv: Convolution<Leaf> };

type Normalizations<Leaf> = {
  readonly inNorm: Norm<Leaf> | AdaptiveInstanceNorm<Leaf>;
  readonly outNorm: Norm<Leaf> | AdaptiveInstanceNorm<Leaf>;
};

/** The weights of {@link instanceResidualBlock}: two convolutions, each with its normalization if that has weights. */
export type InstanceResidualBlock<Leaf> = Convolutions<Leaf> | (Convolutions<Leaf> & Normalizations<Leaf>);

/** Options of {@link initInstanceResidualBlock}. */
export interface InitInstanceResidualBlockOptions {
  readonly channels: number;
  /** The length of the style that steers the normalizations. @defaultValue no style: their scale and shift are learned */
  readonly styleSize?: number;
  /** Whether normalizations scale and shift what they normalized. @defaultValue true */
  readonly affine?: boolean;
  /** The slope below 0 of the rectifier between. @defaultValue 0.2 */
  readonly slope?: number;
  /** @defaultValue 'he-normal' for that slope */
  readonly initialization?: Initialization;
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
  const { channels, styleSize, affine = true, slope = 0.2, dimensions } = options;
  const { initialization = { name: 'he-normal', slope } } = options;
  const conv = (): Convolution<WeightArray> =>
    initConvolution(random, {
      inChannels: channels,
      outChannels: channels,
      dimensions,
      bias: false,
      initialization,
    });
  if (!affine) return { inConv: conv(), outConv: conv() };
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
    const { inNorm, outNorm } = 'inNorm' in weights ? weights : {};
    const activation = { activation: 'leaky-relu', slope } as const;
    const activated =
      inNorm === undefined
        ? plainInstanceNorm(inner, activation)
        : steeredNorm(inNorm, inner, { block, style, ...activation });
    const outer = convolution(weights.outConv, activated, { padding });
    return add<X>(
      x,
      outNorm === undefined ? plainInstanceNorm(outer) : steeredNorm(outNorm, outer, { block, style }),
    );
  });
}
