import type { Tensor } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import { requireCount } from '../../data/require-count';
import { ConcordError } from '../../errors';
import type { Random } from '../../math/random';
import { deriveSeed, makeRandom } from '../../math/random';
import type { PatchCritic } from '../../nn/blocks/patch-critic';
import { initPatchCritic } from '../../nn/blocks/patch-critic';
import { requireFittingSides } from '../../nn/images/fitting-sides';
import type { CycleganArchitecture } from '../cyclegan-model';
import type { CycleGenerator } from './cycle-generator';
import { initCycleGenerator, initialization } from './cycle-generator';

/** The generators of a pair of sites: from its first to its second, and back. */
export type PairGenerators<Leaf> = {
  readonly forth: CycleGenerator<Leaf>;
  readonly back: CycleGenerator<Leaf>;
};

/** The critics of a pair of sites: each separates real images of its site from those made for it. */
export type PairCritics<Leaf> = {
  readonly first: PatchCritic<Leaf>;
  readonly second: PatchCritic<Leaf>;
};

/** The weights of all pairs, by their numbers. */
export type CycleganWeights<Leaf> = {
  readonly [name: `generators${number}`]: PairGenerators<Leaf>;
  readonly [name: `critics${number}`]: PairCritics<Leaf>;
};

/** The weights of a CycleGAN on the backend. */
export type CycleganTensors = CycleganWeights<Tensor>;

/**
 * Checks an architecture.
 *
 * @throws ConcordError `invalid-option` when sizes are out of range or images do not fit them.
 */
export function requireCycleganArchitecture({
  imageShape,
  criticWidths,
  ...sizes
}: CycleganArchitecture): void {
  const [rows, columns, channels] = imageShape;
  const layers = Object.fromEntries(criticWidths.map((width, layer) => [`criticWidths[${layer}]`, width]));
  for (const [name, value] of Object.entries({ ...sizes, ...layers, channels })) {
    requireCount(name, value, name === 'halvings' ? 0 : 1);
  }
  if (criticWidths.length < 2) {
    throw new ConcordError(
      'invalid-option',
      `invalid criticWidths: ${criticWidths.length} of them (two layers at least are required)`,
    );
  }
  const halvings = criticWidths.length - 1;
  requireFittingSides(imageShape, Math.max(sizes.halvings, halvings));
  if (Math.min(rows, columns) / 2 ** halvings >= 3) return;
  throw new ConcordError(
    'invalid-option',
    `invalid criticWidths: ${criticWidths.length} layers leave nothing to judge of images of ${rows} × ${columns} (fewer are required)`,
  );
}

/** Draws the weights of a CycleGAN of so many pairs of sites. */
export function initCyclegan(
  seed: number,
  architecture: CycleganArchitecture,
  pairs: number,
): CycleganWeights<WeightArray> {
  const { imageShape, criticWidths } = architecture;
  const weights: Record<string, PairGenerators<WeightArray> | PairCritics<WeightArray>> = {};
  for (let pair = 0; pair < pairs; pair++) {
    const stream = (part: number): Random => makeRandom(deriveSeed(deriveSeed(seed, pair), part));
    const generator = (part: number): CycleGenerator<WeightArray> =>
      initCycleGenerator(stream(part), architecture);
    const critic = (part: number): PatchCritic<WeightArray> =>
      initPatchCritic(stream(part), { inChannels: imageShape[2], widths: criticWidths, initialization });
    weights[`generators${pair}`] = { forth: generator(0), back: generator(1) };
    weights[`critics${pair}`] = { first: critic(2), second: critic(3) };
  }
  return weights as CycleganWeights<WeightArray>;
}
