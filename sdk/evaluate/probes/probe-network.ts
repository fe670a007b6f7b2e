import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { mean, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import type { Random } from '../../math/random';
import type { Conv2d } from '../../nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../nn/blocks/conv2d';
import type { Linear } from '../../nn/blocks/linear';
import { initLinear, linear } from '../../nn/blocks/linear';
import type { Norm } from '../../nn/blocks/norm';
import { applyNorm, initNorm } from '../../nn/blocks/norm';

/** The weights of {@link probeFeatures} and {@link probeAnswer}. */
export type ProbeNetwork<Leaf> = {
  readonly levels: readonly { readonly conv: Conv2d<Leaf>; readonly norm: Norm<Leaf> }[];
  readonly head: Linear<Leaf>;
};

/** Channels after each halving of the image. */
const channelsOf = [16, 32, 64, 64];

/** Features that the network describes an image with. */
export const probeFeatureCount: number = channelsOf[channelsOf.length - 1];

/** What the network is, in words, for the record. */
export const probeNetworkName: string = `CNN of ${channelsOf.length} convolutions (${channelsOf.join(', ')} channels)`;

/**
 * Draws the weights of a probe.
 *
 * @throws ConcordError `invalid-option` for images too small to be halved four times.
 */
export function initProbeNetwork(
  random: Random,
  { imageShape, outputs }: { readonly imageShape: readonly number[]; readonly outputs: number },
): ProbeNetwork<WeightArray> {
  const [height, width, channels] = imageShape;
  if (Math.min(height, width) < 16) {
    throw new ConcordError(
      'invalid-option',
      `images of ${height} × ${width} are too small for the probe (at least 16 × 16)`,
    );
  }
  const levels = channelsOf.map((outChannels, level) => {
    const inChannels = level === 0 ? channels : channelsOf[level - 1];
    return { conv: initConv2d(random, { inChannels, outChannels }), norm: initNorm(outChannels) };
  });
  return { levels, head: initLinear(random, { inChannels: probeFeatureCount, outChannels: outputs }) };
}

/**
 * Describes images: convolutions of stride 2, each with group normalization and SiLU, and the mean over all positions.
 *
 * @param images - `[N, H, W, C]`
 * @returns `[N, 64]`
 */
export function probeFeatures({ levels }: ProbeNetwork<Tensor>, images: Tensor4D): Tensor2D {
  return tidy(() => {
    let hidden = images;
    for (const { conv, norm } of levels) {
      hidden = applyNorm(norm, conv2d(conv, hidden, { stride: 2 }), { groups: 8, activation: 'silu' });
    }
    return mean(hidden, [1, 2]);
  });
}

/** What the probe returns: a logit for each class, or a number. */
export function probeAnswer(network: ProbeNetwork<Tensor>, images: Tensor4D): Tensor2D {
  return tidy(() => linear(network.head, probeFeatures(network, images)));
}
