import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Conv2d } from '../../nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../nn/blocks/conv2d';
import type { InstanceResidualBlock } from '../../nn/blocks/instance-residual-block';
import { initInstanceResidualBlock, instanceResidualBlock } from '../../nn/blocks/instance-residual-block';
import type { Norm } from '../../nn/blocks/norm';
import { initNorm, instanceNorm } from '../../nn/blocks/norm';
import type { MurdArchitecture } from '../murd-model';

type NormalizedConv<Leaf> = { readonly conv: Conv2d<Leaf>; readonly norm: Norm<Leaf> };

/** The weights of {@link contentEncoder}. */
export type ContentEncoder<Leaf> = {
  readonly first: NormalizedConv<Leaf>;
  readonly down: readonly NormalizedConv<Leaf>[];
  readonly blocks: readonly InstanceResidualBlock<Leaf>[];
};

/** Channels of the content. */
export function contentChannels({ width, halvings }: MurdArchitecture): number {
  return width * 2 ** halvings;
}

/** Draws the weights of a content encoder. */
export function initContentEncoder(
  random: Random,
  architecture: MurdArchitecture,
): ContentEncoder<WeightArray> {
  const { imageShape, width, halvings, contentBlocks } = architecture;
  const layer = (
    inChannels: number,
    outChannels: number,
    kernelSize: number,
  ): NormalizedConv<WeightArray> => ({
    conv: initConv2d(random, {
      inChannels,
      outChannels,
      kernelSize,
      bias: false,
      initialization: { name: 'he-normal', slope: 0.2 },
    }),
    norm: initNorm(outChannels),
  });
  return {
    first: layer(imageShape[2], width, 7),
    down: Array.from({ length: halvings }, (_, i) => layer(width * 2 ** i, width * 2 ** (i + 1), 4)),
    blocks: Array.from({ length: contentBlocks }, () =>
      initInstanceResidualBlock(random, { channels: contentChannels(architecture) }),
    ),
  };
}

/**
 * Says what an image shows, wherever it was made: a convolution of 7 × 7, some of 4 × 4 that halve the resolution, and
 * residual blocks, all with instance normalization, which takes out the brightness and contrast of each channel. It
 * knows no site.
 *
 * @param x - images scaled for the network, `[N, H, W, channels]`
 * @returns content, `[N, H / 2^halvings, W / 2^halvings, width · 2^halvings]`
 */
export function contentEncoder(weights: ContentEncoder<Tensor>, x: Tensor4D): Tensor4D {
  return tidy(() => {
    const activation = { activation: 'leaky-relu', slope: 0.2 } as const;
    let h = instanceNorm(
      weights.first.norm,
      conv2d(weights.first.conv, x, { padding: 'reflect' }),
      activation,
    );
    for (const { conv, norm } of weights.down) {
      h = instanceNorm(norm, conv2d(conv, h, { stride: 2, padding: 1 }), activation);
    }
    for (const block of weights.blocks) h = instanceResidualBlock(block, h);
    return h;
  });
}
