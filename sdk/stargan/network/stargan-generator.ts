import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Conv2d } from '../../nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../nn/blocks/conv2d';
import type { Norm } from '../../nn/blocks/norm';
import { initNorm, instanceNorm } from '../../nn/blocks/norm';
import { resamplingConvolution } from '../../nn/blocks/resampling-convolution';
import type { TranslatorResidualBlock } from '../../nn/blocks/translator-residual-block';
import {
  initTranslatorResidualBlock,
  translatorResidualBlock,
} from '../../nn/blocks/translator-residual-block';
import type { StarganArchitecture } from './stargan-sizes';
import { channelsAt } from './stargan-sizes';

type Blocks<Leaf> = readonly TranslatorResidualBlock<Leaf>[];

/** The weights of {@link starganGenerator}. */
export type StarganGenerator<Leaf> = {
  readonly first: Conv2d<Leaf>;
  readonly down: Blocks<Leaf>;
  readonly before: Blocks<Leaf>;
  readonly after: Blocks<Leaf>;
  readonly up: Blocks<Leaf>;
  readonly norm: Norm<Leaf>;
  readonly last: Conv2d<Leaf>;
};

/** Draws the weights of a generator. */
export function initStarganGenerator(
  random: Random,
  architecture: StarganArchitecture,
): StarganGenerator<WeightArray> {
  const { imageShape, width, halvings, middleBlocks, styleSize } = architecture;
  const channels = (level: number): number => channelsAt(architecture, level);
  const levels = Array.from({ length: halvings }, (_, level) => level);
  const lowest = { inChannels: channels(halvings), outChannels: channels(halvings) };
  const middle = Array.from({ length: middleBlocks }, () => lowest);
  return {
    first: initConv2d(random, {
      inChannels: imageShape[2],
      outChannels: width,
      initialization: { name: 'he-normal', slope: 0.2 },
    }),
    down: levels.map((level) =>
      initTranslatorResidualBlock(random, { inChannels: channels(level), outChannels: channels(level + 1) }),
    ),
    before: middle.map((sizes) => initTranslatorResidualBlock(random, sizes)),
    after: middle.map((sizes) => initTranslatorResidualBlock(random, { ...sizes, styleSize })),
    up: levels.map((_, i) =>
      initTranslatorResidualBlock(random, {
        inChannels: channels(halvings - i),
        outChannels: channels(halvings - i - 1),
        styleSize,
      }),
    ),
    norm: initNorm(width),
    last: initConv2d(random, {
      inChannels: width,
      outChannels: imageShape[2],
      kernelSize: 1,
      initialization: 'lecun-normal',
    }),
  };
}

/**
 * Makes an image again in another style: blocks with instance normalization that halve the resolution, then blocks whose
 * normalizations follow the style, which double it again (Choi et al. 2020, arXiv:1912.01865, appendix). The last layer is
 * linear: what is brighter than the robust percentile that scans are scaled by must stay possible.
 *
 * @param x - images scaled for the network, `[N, H, W, channels]`
 * @param style - `[N, style size]`
 */
export function starganGenerator(weights: StarganGenerator<Tensor>, x: Tensor4D, style: Tensor2D): Tensor4D {
  return tidy(() => {
    let h = resamplingConvolution(weights.first, x);
    for (const block of weights.down) h = translatorResidualBlock(block, h, { resampling: 'down' });
    for (const block of weights.before) h = translatorResidualBlock(block, h);
    for (const block of weights.after) h = translatorResidualBlock(block, h, { style });
    for (const block of weights.up) h = translatorResidualBlock(block, h, { resampling: 'up', style });
    return conv2d(weights.last, instanceNorm(weights.norm, h, { activation: 'leaky-relu', slope: 0.2 }));
  });
}
