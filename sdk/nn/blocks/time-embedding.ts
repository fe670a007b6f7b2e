import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import type { Random } from '../../math/random';
import { silu } from '../ops/silu';
import { checkSizes } from './check-input';
import type { Linear } from './linear';
import { initLinear, linear } from './linear';

/** The weights of {@link timeEmbedding}: two linear maps. */
export type TimeEmbedding<Leaf> = { readonly first: Linear<Leaf>; readonly second: Linear<Leaf> };

/** Options of {@link initTimeEmbedding}. */
export interface InitTimeEmbeddingOptions {
  /** How many waves, cosines and sines together: an even number. */
  readonly waves: number;
  /** The length of the embedding. @defaultValue 4 · waves */
  readonly size?: number;
}

/**
 * Draws the weights of a time embedding.
 *
 * @throws ConcordError `invalid-option` for an odd number of waves
 */
export function initTimeEmbedding(
  random: Random,
  { waves, size = 4 * waves }: InitTimeEmbeddingOptions,
): TimeEmbedding<WeightArray> {
  checkSizes('time embedding', { waves, size });
  if (waves % 2 !== 0)
    throw new ConcordError(
      'invalid-option',
      `time embedding: invalid waves: ${waves} (an even number is needed)`,
    );
  const first = initLinear(random, { inChannels: waves, outChannels: size, initialization: 'he-normal' });
  const second = initLinear(random, { inChannels: size, outChannels: size, initialization: 'he-normal' });
  return { first, second };
}

/**
 * Embeds the time steps of a diffusion: waves of falling frequency, a linear map, SiLU, a linear map, SiLU (Ho et al.
 * 2020, arXiv:2006.11239, appendix B). The last SiLU is what the published networks apply at the entry of every block;
 * here once for all.
 *
 * @param times - one for each image, whole or not
 * @returns `[N, size]`
 */
export function timeEmbedding(weights: TimeEmbedding<Tensor>, times: ArrayLike<number>): Tensor2D {
  return tidy(() => {
    const waves = timeWaves(times, weights.first.kernel.shape[0]);
    return silu(linear(weights.second, silu(linear(weights.first, waves))));
  });
}

/**
 * The cosines, then the sines, of each time at frequencies falling from 1 to nearly 1/10000 (Vaswani et al. 2017,
 * arXiv:1706.03762, section 3.5, in the order and spacing of the code of Dhariwal & Nichol 2021; that of Ho et al. 2020
 * puts sines first and falls to 1/10000). Computed in double precision, because sines of large arguments are poor on
 * some graphics cards.
 *
 * @param count - how many waves, an even number
 * @returns `[N, count]`
 */
export function timeWaves(times: ArrayLike<number>, count: number): Tensor2D {
  const half = count / 2;
  const values = new Float32Array(times.length * count);
  for (let row = 0; row < times.length; row++) {
    for (let wave = 0; wave < half; wave++) {
      const angle = times[row] * Math.exp((-Math.log(10000) * wave) / half);
      values[row * count + wave] = Math.cos(angle);
      values[row * count + half + wave] = Math.sin(angle);
    }
  }
  return tensor2d(values, [times.length, count]);
}
