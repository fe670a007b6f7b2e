import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { concat, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Attention } from '../../nn/blocks/attention';
import { attention, initAttention } from '../../nn/blocks/attention';
import type { Convolution, Features } from '../../nn/blocks/convolution';
import { convolution, initConvolution } from '../../nn/blocks/convolution';
import type { DropoutOptions } from '../../nn/blocks/dropout';
import type { Norm } from '../../nn/blocks/norm';
import { applyNorm, initNorm } from '../../nn/blocks/norm';
import { resampleFeatures } from '../../nn/blocks/resample';
import type { ResidualBlock } from '../../nn/blocks/residual-block';
import { initResidualBlock, residualBlock } from '../../nn/blocks/residual-block';
import type { TimeEmbedding } from '../../nn/blocks/time-embedding';
import { initTimeEmbedding, timeEmbedding } from '../../nn/blocks/time-embedding';
import type { PlannedStep, PlannedSteps } from './u-net-plan';

/** A residual block, and where positions attend to each other, the attention after it. Empty: a change of resolution. */
export type UNetStep<Leaf> =
  | { readonly residual: ResidualBlock<Leaf>; readonly attention: Attention<Leaf> }
  | { readonly residual: ResidualBlock<Leaf> }
  | { readonly [Nothing in never]: Leaf };

/** The weights of {@link uNet}. */
export type UNet<Leaf> = {
  readonly time: TimeEmbedding<Leaf>;
  readonly first: Convolution<Leaf>;
  readonly down: readonly UNetStep<Leaf>[];
  readonly middle: readonly UNetStep<Leaf>[];
  readonly up: readonly UNetStep<Leaf>[];
  readonly lastNorm: Norm<Leaf>;
  readonly lastConv: Convolution<Leaf>;
};

/** Options of {@link initUNet}. */
export interface InitUNetOptions {
  /** Channels in, and out. */
  readonly inChannels: number;
  readonly channels: number;
  readonly width: number;
  /** 2 for images, 1 for sequences. */
  readonly dimensions: 1 | 2;
  /** The length of each code that steers it. */
  readonly codeSizes: readonly number[];
}

/** Draws the weights of a step. */
export function initUNetStep(
  random: Random,
  { kind, inChannels, outChannels, attends }: PlannedStep,
  options: {
    readonly dimensions: 1 | 2;
    readonly timeSize?: number;
    readonly codeSizes?: readonly number[];
  },
): UNetStep<WeightArray> {
  if (kind === 'resample') return {};
  const residual = initResidualBlock(random, { inChannels, outChannels, ...options });
  return attends ? { residual, attention: initAttention(random, { channels: outChannels }) } : { residual };
}

/** What a step is applied with. */
export interface UNetStepOptions {
  readonly time?: Tensor2D;
  readonly codes?: readonly Tensor2D[];
  readonly groups: number;
  readonly heads: number;
  readonly dropout?: DropoutOptions;
}

/** Applies a step. */
export function uNetStep<X extends Features>(
  weights: UNetStep<Tensor>,
  x: X,
  { resampling, groups, heads, ...conditions }: UNetStepOptions & Pick<PlannedStep, 'resampling'>,
): X {
  if (!('residual' in weights)) return resampleFeatures(x, resampling);
  const hidden = residualBlock(weights.residual, x, { groups, resampling, ...conditions });
  return 'attention' in weights ? attention(weights.attention, hidden, { heads, groups }) : hidden;
}

/** Draws the weights of a conditional U-Net. */
export function initUNet(
  random: Random,
  planned: PlannedSteps,
  { inChannels, channels, width, dimensions, codeSizes }: InitUNetOptions,
): UNet<WeightArray> {
  const timeSize = 4 * width;
  const steps = (list: readonly PlannedStep[]): UNetStep<WeightArray>[] =>
    list.map((step) => initUNetStep(random, step, { dimensions, timeSize, codeSizes }));
  const last = planned.up[planned.up.length - 1].outChannels;
  return {
    time: initTimeEmbedding(random, { waves: width }),
    first: initConvolution(random, { inChannels, outChannels: width, dimensions }),
    down: steps(planned.down),
    middle: steps(planned.middle),
    up: steps(planned.up),
    lastNorm: initNorm(last),
    lastConv: initConvolution(random, {
      inChannels: last,
      outChannels: channels,
      dimensions,
      initialization: 'zeros',
    }),
  };
}

/** What steers a U-Net. */
export interface UNetConditions extends Omit<UNetStepOptions, 'time'> {
  /** The time of each image. */
  readonly times: ArrayLike<number>;
}

/**
 * Predicts what is in noisy images: a U-Net steered by time and codes through its normalizations (Dhariwal & Nichol
 * 2021, arXiv:2105.05233; codes as in Preechakul et al. 2022, arXiv:2111.15640).
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 * @returns the same shape
 */
export function uNet<X extends Features>(
  weights: UNet<Tensor>,
  x: X,
  { planned, times, ...conditions }: UNetConditions & { readonly planned: PlannedSteps },
): X {
  return tidy(() => {
    const options = { ...conditions, time: timeEmbedding(weights.time, times) };
    const { groups } = conditions;
    let h: X = convolution(weights.first, x);
    const kept: X[] = [h];
    weights.down.forEach((step, i) => kept.push((h = uNetStep(step, h, { ...planned.down[i], ...options }))));
    weights.middle.forEach((step, i) => (h = uNetStep(step, h, { ...planned.middle[i], ...options })));
    weights.up.forEach((step, i) => {
      const { joins } = planned.up[i];
      const input = joins ? concat<X>([h, kept.pop() as X], h.rank - 1) : h;
      h = uNetStep(step, input, { ...planned.up[i], ...options });
    });
    return convolution(weights.lastConv, applyNorm(weights.lastNorm, h, { groups, activation: 'silu' }));
  });
}
