import type { Rank, Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { add, matMul, mul, reshape, softmax, split, tidy, transpose } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import type { Random } from '../../math/random';
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
    const normalized: Tensor = applyNorm(weights.norm, x, { groups });
    const positions = x.size / x.shape[0] / channels;
    const rows = reshape<Rank.R3>(normalized, [x.shape[0], positions, channels]);
    const found = attend(linear(weights.queriesKeysValues, rows), heads);
    return add<X>(x, reshape(linear(weights.output, found), x.shape));
  });
}

/** From queries, keys and values side by side, `[N, T, 3C]`, what each position finds, `[N, T, C]`. */
function attend(queriesKeysValues: Tensor3D, heads: number): Tensor3D {
  const [batch, positions, all] = queriesKeysValues.shape;
  const size = all / 3 / heads;
  const byHead = (part: Tensor): Tensor =>
    reshape(transpose(reshape(part, [batch, positions, heads, size]), [0, 2, 1, 3]), [
      batch * heads,
      positions,
      size,
    ]);
  const [queries, keys, values] = split(queriesKeysValues, 3, 2).map(byHead);
  // Scaled before the product, where the values are fewer; softmax subtracts the largest before it takes powers.
  const likeness = matMul(mul(queries, 1 / Math.sqrt(size)), keys, false, true);
  const found = reshape(matMul(softmax(likeness), values), [batch, heads, positions, size]);
  return reshape(transpose(found, [0, 2, 1, 3]), [batch, positions, heads * size]);
}
