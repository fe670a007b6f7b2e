import type { Tensor } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import type { Random } from '../../math/random';
import { attend } from '../ops/attend';
import { checkInput, checkSizes } from './check-input';
import type { Features } from './convolution';
import type { Linear } from './linear';
import { initLinear, linear } from './linear';
import type { Norm } from './norm';
import { applyNorm, initNorm } from './norm';

/**
 * The weights of {@link attention}: a normalization, a map `[C, 3C]` to queries, keys and values (in that order, each
 * head after head), and a map back.
 */
export type Attention<Leaf> = {
  readonly norm: Norm<Leaf>;
  readonly queriesKeysValues: Linear<Leaf>;
  readonly output: Linear<Leaf>;
};

/** Options of {@link initAttention}. */
export interface InitAttentionOptions {
  readonly channels: number;
}

/** Options of {@link attention}. */
export interface AttentionOptions {
  /** How many attend side by side; divides the number of channels. @defaultValue 4 */
  readonly heads?: number;
  /** The groups of the normalization. @defaultValue 32 */
  readonly groups?: number;
}

/** Draws the weights of a self-attention. The map back starts at 0, so that the block starts as the identity. */
export function initAttention(random: Random, { channels }: InitAttentionOptions): Attention<WeightArray> {
  checkSizes('attention', { channels });
  return {
    norm: initNorm(channels),
    queriesKeysValues: initLinear(random, { inChannels: channels, outChannels: 3 * channels }),
    output: initLinear(random, { inChannels: channels, outChannels: channels, initialization: 'zeros' }),
  };
}

/**
 * Lets every position of an image look at all others, and adds what it finds: x + output(softmax(q·kᵀ/√d)·v), with
 * queries, keys and values of the group-normalized input (Vaswani et al. 2017, arXiv:1706.03762, equation 1; on images as
 * in Dhariwal & Nichol 2021, arXiv:2105.05233). Memory grows with the square of the number of positions.
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 * @throws ConcordError `invalid-option` when the input does not fit the weights, or the heads do not divide its channels
 */
export function attention<X extends Features>(
  weights: Attention<Tensor>,
  x: X,
  { heads = 4, groups = 32 }: AttentionOptions = {},
): X {
  const channels = weights.norm.scale.size;
  checkInput('attention', x, { ranks: [3, 4], channels });
  if (!Number.isInteger(heads) || heads < 1 || channels % heads !== 0) {
    throw new ConcordError(
      'invalid-option',
      `attention: invalid heads: ${heads} (a whole number that divides the ${channels} channels is needed)`,
    );
  }
  return tidy(() => {
    const normalized = applyNorm(weights.norm, x, { groups });
    const found = attend(linear(weights.queriesKeysValues, normalized), heads) as X;
    return linear(weights.output, found, { added: x });
  });
}
