import type { Rank, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { mul, relu, reshape, stack, sum, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Linear } from '../../nn/blocks/linear';
import { initLinear, linear } from '../../nn/blocks/linear';
import type { StarganArchitecture } from './stargan-sizes';
import { mappingLayers } from './stargan-sizes';

/** The weights of {@link mappingNetwork}: layers that all domains share, and layers of each. */
export type MappingNetwork<Leaf> = {
  readonly shared: readonly Linear<Leaf>[];
  readonly domains: readonly { readonly layers: readonly Linear<Leaf>[]; readonly last: Linear<Leaf> }[];
};

/** Draws the weights of a mapping network. */
export function initMappingNetwork(
  random: Random,
  { latentSize, mappingWidth, styleSize }: StarganArchitecture,
  domains: number,
): MappingNetwork<WeightArray> {
  const layer = (inChannels: number): Linear<WeightArray> =>
    initLinear(random, { inChannels, outChannels: mappingWidth, initialization: 'he-normal' });
  return {
    shared: Array.from({ length: mappingLayers.shared }, (_, i) =>
      layer(i === 0 ? latentSize : mappingWidth),
    ),
    domains: Array.from({ length: domains }, () => ({
      layers: Array.from({ length: mappingLayers.own }, () => layer(mappingWidth)),
      last: initLinear(random, { inChannels: mappingWidth, outChannels: styleSize }),
    })),
  };
}

/**
 * Makes styles out of noise, as the scans of a domain have them (Choi et al. 2020, arXiv:1912.01865, appendix).
 *
 * @param latents - standard normal, `[N, latent size]`
 * @param domains - whose styles, a row for each image with a 1 at its domain, `[N, domains]`
 * @returns styles, `[N, style size]`
 */
export function mappingNetwork(
  weights: MappingNetwork<Tensor>,
  latents: Tensor2D,
  domains: Tensor2D,
): Tensor2D {
  return tidy(() => {
    const through = (layers: readonly Linear<Tensor>[], from: Tensor2D): Tensor2D =>
      layers.reduce((h, layer) => relu(linear(layer, h)), from);
    const shared = through(weights.shared, latents);
    const each = weights.domains.map(({ layers, last }) => linear(last, through(layers, shared)));
    const chosen = reshape<Rank.R3>(domains, [domains.shape[0], domains.shape[1], 1]);
    return sum<Tensor2D>(mul(stack(each, 1), chosen), 1);
  });
}
