import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { ImageCritic } from '../../nn/blocks/image-critic';
import { criticFeatures, initImageCritic } from '../../nn/blocks/image-critic';
import { linearHead } from '../../nn/blocks/linear-head';
import type { MurdArchitecture } from '../murd-model';

/** The weights of {@link discriminator}. */
export type Discriminator<Leaf> = ImageCritic<Leaf>;

/** Draws the weights of a discriminator. */
export function initDiscriminator(
  random: Random,
  { imageShape, criticWidths }: MurdArchitecture,
  domains: number,
): Discriminator<WeightArray> {
  return initImageCritic(random, { inChannels: imageShape[2], widths: criticWidths, outputs: domains });
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
  return tidy(() => linearHead(weights.heads, criticFeatures(weights, x), domains));
}
