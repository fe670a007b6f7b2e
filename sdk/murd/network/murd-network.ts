import type { Tensor } from '@tensorflow/tfjs-core';
import { requireCount } from '../../data/require-count';
import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import { requireFittingSides } from '../../nn/images/fitting-sides';
import { deriveSeed, makeRandom } from '../../math/random';
import type { Random } from '../../math/random';
import type { ContentEncoder } from './content-encoder';
import { initContentEncoder } from './content-encoder';
import type { Discriminator } from './discriminator';
import { initDiscriminator } from './discriminator';
import type { Generator } from './generator';
import { initGenerator } from './generator';
import type { MurdArchitecture } from '../murd-model';
import type { StyleEncoder } from './style-encoder';
import { initStyleEncoder } from './style-encoder';
import type { StyleGenerator } from './style-generator';
import { initStyleGenerator } from './style-generator';

/** The weights of a MURD. */
export type MurdWeights<Leaf> = {
  /** E_c: image → content. */
  readonly content: ContentEncoder<Leaf>;
  /** E_s: image → style, a head for each domain. */
  readonly style: StyleEncoder<Leaf>;
  /** SG: noise → style, a head for each domain. */
  readonly styles: StyleGenerator<Leaf>;
  /** G: content and style → image. */
  readonly generator: Generator<Leaf>;
  /** D: image → real or made, a head for each domain. */
  readonly critic: Discriminator<Leaf>;
};

/** The weights of a MURD on the backend. */
export type MurdTensors = MurdWeights<Tensor>;

/**
 * Checks an architecture.
 *
 * @throws ConcordError `invalid-option` when sizes are out of range or images do not fit them.
 */
export function requireArchitecture(architecture: MurdArchitecture): void {
  const { imageShape, criticWidths, contentNoise, styleInput, ...sizes } = architecture;
  const channels = imageShape[2];
  const layers = Object.fromEntries(criticWidths.map((width, layer) => [`criticWidths[${layer}]`, width]));
  for (const [name, value] of Object.entries({ ...sizes, ...layers, channels })) {
    requireCount(name, value, name === 'halvings' ? 0 : 1);
  }
  if (!(contentNoise >= 0) || criticWidths.length === 0 || !['adain', 'concatenate'].includes(styleInput)) {
    throw new ConcordError(
      'invalid-option',
      `invalid architecture: contentNoise ${contentNoise}, ${criticWidths.length} layers of the discriminator, styleInput ` +
        `"${styleInput}" (0 or more, 1 at least, "adain" or "concatenate")`,
    );
  }
  const halvings = Math.max(sizes.halvings, sizes.styleBlocks + 1, criticWidths.length - 1);
  requireFittingSides(imageShape, halvings);
}

/** Draws the weights of a MURD. */
export function initMurd(
  seed: number,
  architecture: MurdArchitecture,
  domains: number,
): MurdWeights<WeightArray> {
  const stream = (part: number): Random => makeRandom(deriveSeed(seed, part));
  return {
    content: initContentEncoder(stream(0), architecture),
    style: initStyleEncoder(stream(1), architecture, domains),
    styles: initStyleGenerator(stream(2), architecture, domains),
    generator: initGenerator(stream(3), architecture),
    critic: initDiscriminator(stream(4), architecture, domains),
  };
}
