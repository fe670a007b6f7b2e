import type { Tensor } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import { requireCount } from '../../data/require-count';
import type { Random } from '../../math/random';
import { deriveSeed, makeRandom } from '../../math/random';
import { requireFittingSides } from '../../nn/images/fitting-sides';
import type { ImageTrunk } from './image-trunk';
import { initImageTrunk } from './image-trunk';
import type { MappingNetwork } from './mapping-network';
import { initMappingNetwork } from './mapping-network';
import type { StarganGenerator } from './stargan-generator';
import { initStarganGenerator } from './stargan-generator';
import type { StarganArchitecture } from './stargan-sizes';

/** The weights of a StarGAN v2; with one domain, of a style-encoding GAN. */
export type StarganWeights<Leaf> = {
  /** Image and style → image. */
  readonly generator: StarganGenerator<Leaf>;
  /** Noise → style, layers of its own for each domain. */
  readonly mapping: MappingNetwork<Leaf>;
  /** Image → style, a head for each domain. */
  readonly style: ImageTrunk<Leaf>;
  /** Image → real or made, a head for each domain. */
  readonly critic: ImageTrunk<Leaf>;
};

/** The weights of a StarGAN v2 on the backend. */
export type StarganTensors = StarganWeights<Tensor>;

/**
 * Checks an architecture.
 *
 * @throws ConcordError `invalid-option` when sizes are out of range or images do not fit them.
 */
export function requireStarganArchitecture({ imageShape, ...sizes }: StarganArchitecture): void {
  for (const [name, value] of Object.entries({ ...sizes, channels: imageShape[2] })) {
    requireCount(name, value, name === 'halvings' ? 0 : 1);
  }
  // The last convolution of a trunk takes 4 × 4.
  requireFittingSides(imageShape, Math.max(sizes.halvings, sizes.criticHalvings + 2));
}

/** Draws the weights of a StarGAN v2. */
export function initStargan(
  seed: number,
  architecture: StarganArchitecture,
  domains: number,
): StarganWeights<WeightArray> {
  const stream = (part: number): Random => makeRandom(deriveSeed(seed, part));
  const { styleSize } = architecture;
  return {
    generator: initStarganGenerator(stream(0), architecture),
    mapping: initMappingNetwork(stream(1), architecture, domains),
    style: initImageTrunk(stream(2), architecture, { domains, outputs: styleSize }),
    critic: initImageTrunk(stream(3), architecture, { domains, outputs: 1 }),
  };
}
