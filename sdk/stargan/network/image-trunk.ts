import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { mean, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Conv2d } from '../../nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../nn/blocks/conv2d';
import type { CriticResidualBlock } from '../../nn/blocks/critic-residual-block';
import { criticResidualBlock, initCriticResidualBlock } from '../../nn/blocks/critic-residual-block';
import { resamplingConvolution } from '../../nn/blocks/resampling-convolution';
import type { Linear } from '../../nn/blocks/linear';
import { initLinear } from '../../nn/blocks/linear';
import { linearHead } from '../../nn/blocks/linear-head';
import { leakyRelu } from '../../nn/ops/leaky-relu';
import type { StarganArchitecture } from './stargan-sizes';
import { channelsAt } from './stargan-sizes';

/** The weights of {@link readImages}: of the style encoder, and of the discriminator. */
export type ImageTrunk<Leaf> = {
  readonly first: Conv2d<Leaf>;
  readonly blocks: readonly CriticResidualBlock<Leaf>[];
  readonly last: Conv2d<Leaf>;
  readonly heads: Linear<Leaf>;
};

/** Draws the weights of a style encoder (`outputs`: the length of a style) or of a discriminator (1). */
export function initImageTrunk(
  random: Random,
  architecture: StarganArchitecture,
  { domains, outputs }: { readonly domains: number; readonly outputs: number },
): ImageTrunk<WeightArray> {
  const initialization = { name: 'he-normal', slope: 0.2 } as const;
  const { imageShape, width, criticHalvings } = architecture;
  const lowest = channelsAt(architecture, criticHalvings);
  return {
    first: initConv2d(random, { inChannels: imageShape[2], outChannels: width, initialization }),
    blocks: Array.from({ length: criticHalvings }, (_, level) =>
      initCriticResidualBlock(random, {
        inChannels: channelsAt(architecture, level),
        outChannels: channelsAt(architecture, level + 1),
      }),
    ),
    last: initConv2d(random, { inChannels: lowest, outChannels: lowest, kernelSize: 4, initialization }),
    heads: initLinear(random, { inChannels: lowest, outChannels: domains * outputs }),
  };
}

/**
 * Reads what a style encoder or a discriminator returns: a convolution, residual blocks that halve the resolution, without
 * normalization (which would take out what is asked for), a convolution of 4 × 4 over what is left, and a linear head for each
 * domain (Choi et al. 2020, arXiv:1912.01865, appendix). Where more than 4 × 4 is left, the mean over all places is taken.
 *
 * @param x - images scaled for the network, `[N, H, W, channels]`
 * @param domains - whose head returns, `[N, domains]`
 * @returns `[N, outputs]`
 */
export function readImages(weights: ImageTrunk<Tensor>, x: Tensor4D, domains: Tensor2D): Tensor2D {
  return tidy(() => {
    let h = resamplingConvolution(weights.first, x);
    for (const block of weights.blocks) h = criticResidualBlock(block, h);
    h = leakyRelu(conv2d(weights.last, leakyRelu(h), { padding: 'valid' }));
    return linearHead(weights.heads, mean<Tensor2D>(h, [1, 2]), domains);
  });
}
