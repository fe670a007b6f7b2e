import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import { leakyRelu } from '../ops/leaky-relu';
import type { Conv2d } from './conv2d';
import { conv2d, initConv2d } from './conv2d';
import type { Initialization } from './initialize';
import { plainInstanceNorm } from './norm';

/** The weights of a critic of patches: its first convolution, those that are normalized, and the one that judges. */
export type PatchCritic<Leaf> = {
  readonly first: Conv2d<Leaf>;
  readonly layers: readonly Conv2d<Leaf>[];
  readonly last: Conv2d<Leaf>;
};

/** Options of {@link initPatchCritic}. */
export interface InitPatchCriticOptions {
  /** Channels of the images. */
  readonly inChannels: number;
  /** Channels of the layers, two at least; all but the last of them halve the resolution. */
  readonly widths: readonly number[];
  readonly initialization: Initialization;
}

/** Draws the weights of a critic of patches. What is normalized has no bias, which would be taken out again. */
export function initPatchCritic(
  random: Random,
  { inChannels, widths, initialization }: InitPatchCriticOptions,
): PatchCritic<WeightArray> {
  const layer = (from: number, outChannels: number, bias: boolean): Conv2d<WeightArray> =>
    initConv2d(random, { inChannels: from, outChannels, kernelSize: 4, bias, initialization });
  return {
    first: layer(inChannels, widths[0], true),
    layers: widths.slice(1).map((width, before) => layer(widths[before], width, false)),
    last: layer(widths[widths.length - 1], 1, true),
  };
}

/**
 * Judges patches of images (PatchGAN: Isola et al. 2017, arXiv:1611.07004): convolutions of 4 × 4 with leaky rectifiers,
 * from the second on normalized image by image, with stride 2 but for the last two. With widths 64, 128, 256, 512 each
 * judgement is of 70 × 70 pixels.
 *
 * @param x - images scaled for the network, `[N, H, W, channels]`
 * @returns a judgement for each patch, `[N, H / 2ⁿ − 2, W / 2ⁿ − 2, 1]` after n layers of stride 2
 */
export function patchCritic(weights: PatchCritic<Tensor>, x: Tensor4D): Tensor4D {
  return tidy(() => {
    const end = weights.layers.length - 1;
    let h = leakyRelu(conv2d(weights.first, x, { stride: 2, padding: 1 }));
    weights.layers.forEach((layer, i) => {
      const convolved = conv2d(layer, h, { stride: i === end ? 1 : 2, padding: 1 });
      h = plainInstanceNorm(convolved, { activation: 'leaky-relu', slope: 0.2 });
    });
    return conv2d(weights.last, h, { padding: 1 });
  });
}
