import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { clipByValue, split, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Conv2d } from '../../nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../nn/blocks/conv2d';
import { leakyRelu } from '../../nn/ops/leaky-relu';
import type { CvaeArchitecture } from '../cvae-model';

/** The weights of {@link codeEncoder}. */
export type CodeEncoder<Leaf> = {
  readonly first: Conv2d<Leaf>;
  readonly down: readonly { readonly halve: Conv2d<Leaf>; readonly conv: Conv2d<Leaf> }[];
  readonly last: Conv2d<Leaf>;
};

/** The distribution of a code: means and logarithms of variances, both `[N, h, w, code channels]`. */
export interface CodeDistribution {
  readonly means: Tensor4D;
  readonly logVariances: Tensor4D;
}

const initialization = { name: 'he-normal', slope: 0.2 } as const;

/** Draws the weights of an encoder. */
export function initCodeEncoder(
  random: Random,
  { imageShape, width, halvings, codeChannels }: CvaeArchitecture,
): CodeEncoder<WeightArray> {
  const layer = (inChannels: number, outChannels: number, kernelSize: number): Conv2d<WeightArray> =>
    initConv2d(random, { inChannels, outChannels, kernelSize, initialization });
  return {
    first: layer(imageShape[2], width, 3),
    down: Array.from({ length: halvings }, (_, i) => ({
      halve: layer(width * 2 ** i, width * 2 ** (i + 1), 4),
      conv: layer(width * 2 ** (i + 1), width * 2 ** (i + 1), 3),
    })),
    last: initConv2d(random, {
      inChannels: width * 2 ** halvings,
      outChannels: 2 * codeChannels,
      kernelSize: 1,
      initialization: 'lecun-normal',
    }),
  };
}

/**
 * Says what an image shows, as a distribution of codes that keep its places: a convolution, then for each halving one of
 * 4 × 4 with stride 2 and one of 3 × 3, all with leaky rectifiers, then one of 1 × 1. It is not told the site.
 *
 * @param x - images scaled for the network, `[N, H, W, channels]`
 */
export function codeEncoder(weights: CodeEncoder<Tensor>, x: Tensor4D): CodeDistribution {
  const [means, logVariances] = tidy(() => {
    let h = leakyRelu(conv2d(weights.first, x));
    for (const { halve, conv } of weights.down) {
      h = leakyRelu(conv2d(conv, leakyRelu(conv2d(halve, h, { stride: 2, padding: 1 }))));
    }
    const [center, spread] = split<Tensor4D>(conv2d(weights.last, h), 2, 3);
    // Standard deviations of 0.007 to 12: beyond them exponentials run away before the loss can pull them back.
    return [center, clipByValue(spread, -10, 5)];
  });
  return { means, logVariances };
}
