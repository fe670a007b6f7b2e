import type { Rank, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { concat, reshape, tidy, tile } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { AdaptiveInstanceNorm } from '../../nn/blocks/adaptive-norm';
import { adaptiveInstanceNorm, initAdaptiveInstanceNorm } from '../../nn/blocks/adaptive-norm';
import type { Conv2d } from '../../nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../nn/blocks/conv2d';
import type { InstanceResidualBlock } from '../../nn/blocks/instance-residual-block';
import { initInstanceResidualBlock, instanceResidualBlock } from '../../nn/blocks/instance-residual-block';
import type { Norm } from '../../nn/blocks/norm';
import { initNorm, instanceNorm } from '../../nn/blocks/norm';
import { upsample } from '../../nn/blocks/resample';
import { contentChannels } from './content-encoder';
import type { MurdArchitecture } from '../murd-model';

type UpLayer<Leaf> = {
  readonly conv: Conv2d<Leaf>;
  readonly norm: AdaptiveInstanceNorm<Leaf> | Norm<Leaf>;
};

/** The weights of {@link generator}; where the style is concatenated there is no `entry`. */
export type Generator<Leaf> = {
  readonly blocks: readonly InstanceResidualBlock<Leaf>[];
  readonly up: readonly UpLayer<Leaf>[];
  readonly last: Conv2d<Leaf>;
} & ({ readonly entry: Conv2d<Leaf> } | object);

/** Draws the weights of a generator. */
export function initGenerator(random: Random, architecture: MurdArchitecture): Generator<WeightArray> {
  const { imageShape, halvings, generatorBlocks, styleSize, styleInput } = architecture;
  const content = contentChannels(architecture);
  // As wide as content and style beside each other, so that both ways to put in a style have the same blocks.
  const width = content + styleSize;
  const adaptive = styleInput === 'adain';
  const style = adaptive ? { styleSize } : {};
  const channels = (level: number): number => Math.ceil(width / 2 ** level);
  // Without bias, as all here that a normalization follows: what is the same everywhere would be taken out again.
  const entry = initConv2d(random, { inChannels: content, outChannels: width, kernelSize: 1, bias: false });
  return {
    ...(adaptive ? { entry } : {}),
    blocks: Array.from({ length: generatorBlocks }, () =>
      initInstanceResidualBlock(random, { channels: width, ...style }),
    ),
    up: Array.from({ length: halvings }, (_, level) => {
      const inChannels = channels(level);
      const outChannels = channels(level + 1);
      return {
        conv: initConv2d(random, {
          inChannels,
          outChannels,
          bias: false,
          initialization: { name: 'he-normal', slope: 0.2 },
        }),
        norm: adaptive
          ? initAdaptiveInstanceNorm(random, { channels: outChannels, styleSize })
          : initNorm(outChannels),
      };
    }),
    last: initConv2d(random, {
      inChannels: channels(halvings),
      outChannels: imageShape[2],
      kernelSize: 7,
      initialization: 'lecun-normal',
    }),
  };
}

/**
 * Makes an image of content in a style: residual blocks, then for each halving nearest-neighbor doubling and a
 * convolution (which leave no checkerboard, as transposed convolutions do), then a convolution of 7 × 7. The style sets
 * scale and shift of every normalization (AdaIN: Huang & Belongie 2017, arXiv:1703.06868).
 *
 * The last layer is linear: scans are scaled by a robust percentile, and what is brighter must stay possible.
 *
 * @param content - `[N, h, w, content channels]`
 * @param style - `[N, style size]`
 * @returns images scaled for the network, `[N, H, W, channels]`
 */
export function generator(weights: Generator<Tensor>, content: Tensor4D, style: Tensor2D): Tensor4D {
  return tidy(() => {
    const steered = 'entry' in weights ? { style } : {};
    let h = 'entry' in weights ? conv2d(weights.entry, content) : beside(content, style);
    for (const block of weights.blocks) h = instanceResidualBlock(block, h, steered);
    const activation = { activation: 'leaky-relu', slope: 0.2 } as const;
    for (const { conv, norm } of weights.up) {
      const wide = conv2d(conv, upsample(h), { padding: 'reflect' });
      h =
        'style' in norm
          ? adaptiveInstanceNorm(norm, wide, { style, ...activation })
          : instanceNorm(norm, wide, activation);
    }
    return conv2d(weights.last, h, { padding: 'reflect' });
  });
}

/** The style as channels beside the content, the same everywhere. */
function beside(content: Tensor4D, style: Tensor2D): Tensor4D {
  const [count, height, width] = content.shape;
  const one = reshape<Rank.R4>(style, [count, 1, 1, style.shape[1]]);
  return concat<Tensor4D>([content, tile(one, [1, height, width, 1])], 3);
}
