import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { mean, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Convolution, Features } from '../../nn/blocks/convolution';
import { convolution, initConvolution } from '../../nn/blocks/convolution';
import type { Linear } from '../../nn/blocks/linear';
import { initLinear, linear } from '../../nn/blocks/linear';
import type { Norm } from '../../nn/blocks/norm';
import { applyNorm, initNorm } from '../../nn/blocks/norm';
import type { UNetStep, UNetStepOptions } from './u-net';
import { initUNetStep, uNetStep } from './u-net';
import type { PlannedSteps } from './u-net-plan';

/** The weights of {@link semanticEncoder}. */
export type SemanticEncoder<Leaf> = {
  readonly first: Convolution<Leaf>;
  readonly down: readonly UNetStep<Leaf>[];
  readonly norm: Norm<Leaf>;
  readonly code: Linear<Leaf>;
};

/** Draws the weights of a semantic encoder. */
export function initSemanticEncoder(
  random: Random,
  { down }: PlannedSteps,
  options: {
    readonly inChannels: number;
    readonly width: number;
    readonly dimensions: 1 | 2;
    readonly codeSize: number;
  },
): SemanticEncoder<WeightArray> {
  const { inChannels, width, dimensions, codeSize } = options;
  const deepest = down[down.length - 1].outChannels;
  return {
    first: initConvolution(random, { inChannels, outChannels: width, dimensions }),
    down: down.map((step) => initUNetStep(random, step, { dimensions })),
    norm: initNorm(deepest),
    code: initLinear(random, { inChannels: deepest, outChannels: codeSize }),
  };
}

/**
 * Says in a code what an image shows: the first half of the U-Net without time, group normalization, SiLU, the mean over
 * all positions, a linear map (Preechakul et al. 2022, arXiv:2111.15640).
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 * @returns z_υ, `[N, code size]`
 */
export function semanticEncoder<X extends Features>(
  weights: SemanticEncoder<Tensor>,
  x: X,
  { planned, ...options }: UNetStepOptions & { readonly planned: PlannedSteps },
): Tensor2D {
  return tidy(() => {
    let h: X = convolution(weights.first, x);
    weights.down.forEach((step, i) => (h = uNetStep(step, h, { ...planned.down[i], ...options })));
    const seen = applyNorm(weights.norm, h, { groups: options.groups, activation: 'silu' });
    const positions = seen.shape.slice(1, -1).map((_, axis) => axis + 1);
    return linear(weights.code, mean<Tensor2D>(seen as Tensor, positions));
  });
}
