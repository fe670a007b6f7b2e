import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { mean, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Conv2d } from '../../nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../nn/blocks/conv2d';
import type { Linear } from '../../nn/blocks/linear';
import { initLinear } from '../../nn/blocks/linear';
import { leakyRelu } from '../../nn/ops/leaky-relu';
import { linearHead } from './heads';
import type { MurdArchitecture } from '../murd-model';

/** The weights of {@link discriminator}. */
export type Discriminator<Leaf> = {
  readonly layers: readonly Conv2d<Leaf>[];
  readonly heads: Linear<Leaf>;
};

/** Draws the weights of a discriminator. */
export function initDiscriminator(
  random: Random,
  { imageShape, criticWidths }: MurdArchitecture,
  domains: number,
): Discriminator<WeightArray> {
  return {
    layers: criticWidths.map((outChannels, layer) =>
      initConv2d(random, {
        inChannels: layer === 0 ? imageShape[2] : criticWidths[layer - 1],
        outChannels,
        kernelSize: 4,
        initialization: { name: 'he-normal', slope: 0.2 },
      }),
    ),
    heads: initLinear(random, { inChannels: criticWidths[criticWidths.length - 1], outChannels: domains }),
  };
}

/**
 * Judges whether images are real scans of a domain: convolutions of 4 × 4, the mean over all positions, a linear head
 * for each domain. No normalization: every image is judged by itself.
 *
 * @param x - images scaled for the network, `[N, H, W, channels]`
 * @param domains - whose head answers, `[N, domains]`
 * @returns above 0 for real, `[N, 1]`
 */
export function discriminator(weights: Discriminator<Tensor>, x: Tensor4D, domains: Tensor2D): Tensor2D {
  return tidy(() => {
    const last = weights.layers.length - 1;
    let h = x;
    weights.layers.forEach((layer, i) => {
      const convolved = i === last ? conv2d(layer, h) : conv2d(layer, h, { stride: 2, padding: 1 });
      h = leakyRelu(convolved);
    });
    return linearHead(weights.heads, mean<Tensor2D>(h, [1, 2]), domains);
  });
}
