import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { mean, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import { leakyRelu } from '../ops/leaky-relu';
import type { Conv2d } from './conv2d';
import { conv2d, initConv2d } from './conv2d';
import type { Linear } from './linear';
import { initLinear } from './linear';

/** The weights of a critic of images: convolutions, and linear heads on their mean over all positions. */
export type ImageCritic<Leaf> = {
  readonly layers: readonly Conv2d<Leaf>[];
  readonly heads: Linear<Leaf>;
};

/** Options of {@link initImageCritic}. */
export interface InitImageCriticOptions {
  /** Channels of the images. */
  readonly inChannels: number;
  /** Channels of the layers; all but the last halve the resolution. */
  readonly widths: readonly number[];
  /** How many numbers it answers with. */
  readonly outputs: number;
}

/** Draws the weights of a critic of images. */
export function initImageCritic(
  random: Random,
  { inChannels, widths, outputs }: InitImageCriticOptions,
): ImageCritic<WeightArray> {
  return {
    layers: widths.map((outChannels, layer) =>
      initConv2d(random, {
        inChannels: layer === 0 ? inChannels : widths[layer - 1],
        outChannels,
        kernelSize: 4,
        initialization: { name: 'he-normal', slope: 0.2 },
      }),
    ),
    heads: initLinear(random, { inChannels: widths[widths.length - 1], outChannels: outputs }),
  };
}

/**
 * What a critic sees in images, before its heads: convolutions of 4 × 4 with leaky rectifiers, and the mean over all
 * positions. No normalization: every image is judged by itself.
 *
 * @param x - images scaled for the network, `[N, H, W, channels]`
 * @returns `[N, channels of the last layer]`
 */
export function criticFeatures(weights: ImageCritic<Tensor>, x: Tensor4D): Tensor2D {
  return tidy(() => {
    const last = weights.layers.length - 1;
    let h = x;
    weights.layers.forEach((layer, i) => {
      const convolved = i === last ? conv2d(layer, h) : conv2d(layer, h, { stride: 2, padding: 1 });
      h = leakyRelu(convolved);
    });
    return mean<Tensor2D>(h, [1, 2]);
  });
}
