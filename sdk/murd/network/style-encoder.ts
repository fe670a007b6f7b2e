import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { mean, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Conv2d } from '../../nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../nn/blocks/conv2d';
import type { CriticResidualBlock } from '../../nn/blocks/critic-residual-block';
import { criticResidualBlock, initCriticResidualBlock } from '../../nn/blocks/critic-residual-block';
import type { Linear } from '../../nn/blocks/linear';
import { initLinear } from '../../nn/blocks/linear';
import { leakyRelu } from '../../nn/ops/leaky-relu';
import { linearHead } from '../../nn/blocks/linear-head';
import type { MurdArchitecture } from '../murd-model';

/** The weights of {@link styleEncoder}. */
export type StyleEncoder<Leaf> = {
  readonly first: Conv2d<Leaf>;
  readonly blocks: readonly CriticResidualBlock<Leaf>[];
  readonly heads: Linear<Leaf>;
};

/** Draws the weights of a style encoder. */
export function initStyleEncoder(
  random: Random,
  { imageShape, styleWidth, styleBlocks, styleSize }: MurdArchitecture,
  domains: number,
): StyleEncoder<WeightArray> {
  const channels = (level: number): number => styleWidth * 2 ** level;
  return {
    first: initConv2d(random, {
      inChannels: imageShape[2],
      outChannels: styleWidth,
      kernelSize: 4,
      initialization: { name: 'he-normal', slope: 0.2 },
    }),
    blocks: Array.from({ length: styleBlocks }, (_, level) =>
      initCriticResidualBlock(random, {
        inChannels: channels(level),
        outChannels: channels(level + 1),
        widen: 'first',
      }),
    ),
    heads: initLinear(random, { inChannels: channels(styleBlocks), outChannels: domains * styleSize }),
  };
}

/**
 * Says how an image was made: a convolution of 4 × 4 and residual blocks that halve the resolution, without
 * normalization (which would take out what is asked for), the mean over all positions, and a linear head for each
 * domain.
 *
 * @param x - images scaled for the network, `[N, H, W, channels]`
 * @param domains - whose head answers, `[N, domains]`
 * @returns styles, `[N, style size]`
 */
export function styleEncoder(weights: StyleEncoder<Tensor>, x: Tensor4D, domains: Tensor2D): Tensor2D {
  return tidy(() => {
    let h: Tensor4D = conv2d(weights.first, x, { stride: 2, padding: 1 });
    for (const block of weights.blocks) h = criticResidualBlock(block, h);
    return linearHead(weights.heads, mean<Tensor2D>(leakyRelu(h), [1, 2]), domains);
  });
}
