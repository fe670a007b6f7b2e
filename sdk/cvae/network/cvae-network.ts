import type { Tensor } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import { requireCount } from '../../data/require-count';
import { ConcordError } from '../../errors';
import { requireFittingSides } from '../../nn/images/fitting-sides';
import type { Random } from '../../math/random';
import { deriveSeed, makeRandom } from '../../math/random';
import type { ImageCritic } from '../../nn/blocks/image-critic';
import { initImageCritic } from '../../nn/blocks/image-critic';
import type { CvaeArchitecture } from '../cvae-model';
import type { CodeEncoder } from './code-encoder';
import { initCodeEncoder } from './code-encoder';
import type { SiteDecoder } from './site-decoder';
import { initSiteDecoder } from './site-decoder';

/** The weights of a cVAE. */
export type CvaeWeights<Leaf> = {
  /** q(z | x): image → distribution of codes. */
  readonly encoder: CodeEncoder<Leaf>;
  /** p(x | z, s): code and site → image. */
  readonly decoder: SiteDecoder<Leaf>;
  /** Image → logits of the site that it comes from. */
  readonly adversary: ImageCritic<Leaf>;
};

/** The weights of a cVAE on the backend. */
export type CvaeTensors = CvaeWeights<Tensor>;

/**
 * Checks an architecture.
 *
 * @throws ConcordError `invalid-option` when sizes are out of range or images do not fit them.
 */
export function requireCvaeArchitecture(architecture: CvaeArchitecture): void {
  const { imageShape, adversaryWidths, ...sizes } = architecture;
  const channels = imageShape[2];
  const layers = Object.fromEntries(
    adversaryWidths.map((width, layer) => [`adversaryWidths[${layer}]`, width]),
  );
  for (const [name, value] of Object.entries({ ...sizes, ...layers, channels })) {
    requireCount(name, value, name === 'halvings' ? 0 : 1);
  }
  if (adversaryWidths.length === 0) {
    throw new ConcordError(
      'invalid-option',
      'invalid adversaryWidths: empty (one layer at least is required)',
    );
  }
  requireFittingSides(imageShape, Math.max(sizes.halvings, adversaryWidths.length - 1));
}

/** Draws the weights of a cVAE. */
export function initCvae(
  seed: number,
  architecture: CvaeArchitecture,
  sites: number,
): CvaeWeights<WeightArray> {
  const stream = (part: number): Random => makeRandom(deriveSeed(seed, part));
  const { imageShape, adversaryWidths } = architecture;
  return {
    encoder: initCodeEncoder(stream(0), architecture),
    decoder: initSiteDecoder(stream(1), architecture, sites),
    adversary: initImageCritic(stream(2), {
      inChannels: imageShape[2],
      widths: adversaryWidths,
      outputs: sites,
    }),
  };
}
