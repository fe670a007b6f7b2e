import type { Rank, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { mean, relu, tidy, tile } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import { makeRandom } from '../../math/random';
import type { Linear } from '../../nn/blocks/linear';
import { initLinear, linear } from '../../nn/blocks/linear';
import { normalNoise } from '../../nn/ops/normal-noise';
import { linearHead } from '../../nn/blocks/linear-head';
import type { MurdArchitecture } from '../murd-model';

/** The weights of {@link styleGenerator}. */
export type StyleGenerator<Leaf> = {
  readonly layers: readonly Linear<Leaf>[];
  readonly heads: Linear<Leaf>;
};

/** Draws the weights of a style generator. */
export function initStyleGenerator(
  random: Random,
  { latentSize, latentWidth, latentLayers, styleSize }: MurdArchitecture,
  domains: number,
): StyleGenerator<WeightArray> {
  return {
    layers: Array.from({ length: latentLayers }, (_, layer) =>
      initLinear(random, {
        inChannels: layer === 0 ? latentSize : latentWidth,
        outChannels: latentWidth,
        initialization: 'he-normal',
      }),
    ),
    heads: initLinear(random, { inChannels: latentWidth, outChannels: domains * styleSize }),
  };
}

/**
 * Makes styles out of noise, as the scans of a domain have them: layers shared by all, and a linear head for each domain.
 *
 * @param latents - standard normal, `[N, latent size]`
 * @param domains - whose styles, `[N, domains]`
 * @returns styles, `[N, style size]`
 */
export function styleGenerator(
  weights: StyleGenerator<Tensor>,
  latents: Tensor2D,
  domains: Tensor2D,
): Tensor2D {
  return tidy(() => {
    let h = latents;
    for (const layer of weights.layers) h = relu(linear(layer, h));
    return linearHead(weights.heads, h, domains);
  });
}

/** How many styles the mean is taken of. */
const drawn = 64;

/** The style in the middle of a domain's: the mean of many that are made, always the same ones. */
export function siteStyle(
  weights: StyleGenerator<Tensor>,
  { latentSize }: MurdArchitecture,
  domains: Tensor2D,
): Tensor2D {
  return tidy(() => {
    let h: Tensor2D = normalNoise<Rank.R2>(makeRandom(1), [drawn, latentSize]);
    for (const layer of weights.layers) h = relu(linear(layer, h));
    // The heads are linear: the mean of the styles is the style of the mean.
    const middle = tile(mean<Tensor2D>(h, 0, true), [domains.shape[0], 1]);
    return linearHead(weights.heads, middle, domains);
  });
}
