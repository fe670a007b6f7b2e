import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import { linearMap } from '../ops/linear-map';
import { checkInput, checkSizes } from './check-input';
import type { Initialization } from './initialize';
import { initialize } from './initialize';

/** The weights of {@link linear}: a kernel `[in, out]` and, unless made without, a bias `[out]`. */
export type Linear<Leaf> = { readonly kernel: Leaf } | { readonly kernel: Leaf; readonly bias: Leaf };

/** Options of {@link initLinear}. */
export interface InitLinearOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Whether a learned number is added to each output; it starts at 0. @defaultValue true */
  readonly bias?: boolean;
  /** @defaultValue 'lecun-normal' */
  readonly initialization?: Initialization;
}

/**
 * Draws the weights of a linear map.
 *
 * @throws ConcordError `invalid-option` for a size that is not a whole number above 0
 */
export function initLinear(random: Random, options: InitLinearOptions): Linear<WeightArray> {
  const { inChannels, outChannels, bias = true, initialization = 'lecun-normal' } = options;
  checkSizes('linear', { inChannels, outChannels });
  const kernel = initialize(random, [inChannels, outChannels], initialization);
  return bias ? { kernel, bias: initialize(random, [outChannels], 'zeros') } : { kernel };
}

/** Options of {@link linear}. */
export interface LinearOptions<X extends Tensor> {
  /** Added to the result, of the same shape. @defaultValue nothing */
  readonly added?: X;
}

/**
 * Maps the last axis linearly and adds the bias: x·kernel + bias.
 *
 * @param x - `[N, in]`, `[N, length, in]` or `[N, H, W, in]`
 * @returns the same shape with `out` in the place of `in`
 * @throws ConcordError `invalid-option` when the input does not fit the kernel
 */
export function linear<X extends Tensor = Tensor2D>(
  weights: Linear<Tensor>,
  x: X,
  { added }: LinearOptions<X> = {},
): X {
  checkInput('linear', x, { ranks: [2, 3, 4], channels: weights.kernel.shape[0] });
  const bias = 'bias' in weights ? weights.bias : undefined;
  return linearMap(x, { kernel: weights.kernel as Tensor2D, bias, added }) as X;
}
