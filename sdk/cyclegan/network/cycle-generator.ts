import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Conv2d } from '../../nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../nn/blocks/conv2d';
import type { Initialization } from '../../nn/blocks/initialize';
import type { InstanceResidualBlock } from '../../nn/blocks/instance-residual-block';
import { initInstanceResidualBlock, instanceResidualBlock } from '../../nn/blocks/instance-residual-block';
import { plainInstanceNorm } from '../../nn/blocks/norm';
import { resizeConvolution } from '../../nn/blocks/resize-convolution';
import type { CycleganArchitecture } from '../cyclegan-model';

/** The weights of {@link cycleGenerator}. */
export type CycleGenerator<Leaf> = {
  readonly first: Conv2d<Leaf>;
  readonly down: readonly Conv2d<Leaf>[];
  readonly blocks: readonly InstanceResidualBlock<Leaf>[];
  readonly up: readonly Conv2d<Leaf>[];
  readonly last: Conv2d<Leaf>;
};

/** What all networks start from, as published. */
export const initialization: Initialization = { name: 'normal', deviation: 0.02 };

const rectified = { activation: 'leaky-relu', slope: 0 } as const;

/**
 * Draws the weights of a generator. Only the last layer has a bias; published ones have some before each normalization,
 * which takes them out again.
 */
export function initCycleGenerator(
  random: Random,
  { imageShape, width, halvings, blocks }: CycleganArchitecture,
): CycleGenerator<WeightArray> {
  const layer = (inChannels: number, outChannels: number, kernelSize = 3): Conv2d<WeightArray> =>
    initConv2d(random, { inChannels, outChannels, kernelSize, bias: false, initialization });
  const channels = (level: number): number => width * 2 ** level;
  const levels = Array.from({ length: halvings }, (_, level) => level);
  return {
    first: layer(imageShape[2], width, 7),
    down: levels.map((level) => layer(channels(level), channels(level + 1))),
    blocks: Array.from({ length: blocks }, () =>
      initInstanceResidualBlock(random, { channels: channels(halvings), affine: false, initialization }),
    ),
    up: levels.map((level) => layer(channels(halvings - level), channels(halvings - level - 1))),
    last: initConv2d(random, {
      inChannels: width,
      outChannels: imageShape[2],
      kernelSize: 7,
      initialization,
    }),
  };
}

/**
 * Makes of an image of one site an image of another (Zhu et al. 2017, arXiv:1703.10593, appendix 7.2): a convolution of 7 × 7,
 * one of 3 × 3 with stride 2 for each halving, residual blocks, as many doublings, and a convolution of 7 × 7; all but
 * the last normalized image by image, in training and after it, and rectified. What is beyond the edge is mirrored.
 *
 * Two things are ours: the resolution is doubled by {@link resizeConvolution}, and the last layer is linear, not a hyperbolic
 * tangent: scans are scaled by a robust percentile, and what is brighter must stay possible.
 *
 * @param x - images scaled for the network, `[N, H, W, channels]`
 * @returns images of the same shape
 */
export function cycleGenerator(weights: CycleGenerator<Tensor>, x: Tensor4D): Tensor4D {
  return tidy(() => {
    let h = plainInstanceNorm(conv2d(weights.first, x, { padding: 'reflect' }), rectified);
    for (const layer of weights.down) {
      h = plainInstanceNorm(conv2d(layer, h, { stride: 2, padding: 1 }), rectified);
    }
    for (const block of weights.blocks) h = instanceResidualBlock(block, h, { slope: 0 });
    for (const layer of weights.up) h = plainInstanceNorm(resizeConvolution(layer, h), rectified);
    return conv2d(weights.last, h, { padding: 'reflect' });
  });
}
