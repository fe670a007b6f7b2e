import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, split, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Conv2d } from '../../nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../nn/blocks/conv2d';
import type { Linear } from '../../nn/blocks/linear';
import { initLinear, linear } from '../../nn/blocks/linear';
import { upsample } from '../../nn/blocks/resample';
import { scaleAndShift } from '../../nn/ops/affine-channels';
import { leakyRelu } from '../../nn/ops/leaky-relu';
import type { CvaeArchitecture } from '../cvae-model';

type SiteLayer<Leaf> = {
  readonly conv: Conv2d<Leaf>;
  /** From the site to a scale, about 1, and a shift for each channel. */
  readonly site: Linear<Leaf>;
};

/** The weights of {@link siteDecoder}. */
export type SiteDecoder<Leaf> = {
  readonly first: SiteLayer<Leaf>;
  readonly up: readonly SiteLayer<Leaf>[];
  readonly last: Conv2d<Leaf>;
};

/** Draws the weights of a decoder; all sites begin alike. */
export function initSiteDecoder(
  random: Random,
  { imageShape, width, halvings, codeChannels }: CvaeArchitecture,
  sites: number,
): SiteDecoder<WeightArray> {
  const layer = (inChannels: number, outChannels: number): SiteLayer<WeightArray> => ({
    conv: initConv2d(random, { inChannels, outChannels, initialization: { name: 'he-normal', slope: 0.2 } }),
    site: initLinear(random, {
      inChannels: sites,
      outChannels: 2 * outChannels,
      bias: false,
      initialization: 'zeros',
    }),
  });
  const channels = (level: number): number => width * 2 ** (halvings - level);
  return {
    first: layer(codeChannels, channels(0)),
    up: Array.from({ length: halvings }, (_, i) => layer(channels(i), channels(i + 1))),
    last: initConv2d(random, {
      inChannels: width,
      outChannels: imageShape[2],
      initialization: 'lecun-normal',
    }),
  };
}

/**
 * Makes an image of a code as a site would have it: a convolution, then for each halving nearest-neighbor doubling and a
 * convolution, and a last one. The site sets scale and shift of the channels of each layer (Perez et al. 2018,
 * arXiv:1709.07871), which a one-hot beside the code, as published, can do in its first layer only. The last layer is linear.
 *
 * @param code - `[N, h, w, code channels]`
 * @param sites - `[N, sites]`, a 1 at the site
 * @returns images scaled for the network, `[N, H, W, channels]`
 */
export function siteDecoder(weights: SiteDecoder<Tensor>, code: Tensor4D, sites: Tensor2D): Tensor4D {
  return tidy(() => {
    let h = steered(weights.first, code, sites);
    for (const layer of weights.up) h = steered(layer, upsample(h), sites);
    return conv2d(weights.last, h);
  });
}

function steered({ conv, site }: SiteLayer<Tensor>, x: Tensor4D, sites: Tensor2D): Tensor4D {
  const [scale, shift] = split(linear(site, sites), 2, 1);
  return leakyRelu(scaleAndShift(conv2d(conv, x), add(scale, 1), shift));
}
