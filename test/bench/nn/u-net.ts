import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { concat, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../../sdk/data/weights';
import type { Random } from '../../../sdk/math/random';
import type { Attention } from '../../../sdk/nn/blocks/attention';
import { attention, initAttention } from '../../../sdk/nn/blocks/attention';
import type { Conv2d } from '../../../sdk/nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../../sdk/nn/blocks/conv2d';
import type { Norm } from '../../../sdk/nn/blocks/norm';
import { groupNorm, initNorm } from '../../../sdk/nn/blocks/norm';
import type { Resampling } from '../../../sdk/nn/blocks/resample';
import type { ResidualBlock } from '../../../sdk/nn/blocks/residual-block';
import { initResidualBlock, residualBlock } from '../../../sdk/nn/blocks/residual-block';
import type { TimeEmbedding } from '../../../sdk/nn/blocks/time-embedding';
import { initTimeEmbedding, timeEmbedding } from '../../../sdk/nn/blocks/time-embedding';
import { silu } from '../../../sdk/nn/ops/silu';

/** The size of a conditional U-Net. */
export interface UNetPlan {
  /** The side of the images. */
  readonly size: number;
  /** Channels at full resolution. */
  readonly base: number;
  /** Channels at each resolution, as multiples of `base`. */
  readonly multipliers: readonly number[];
  readonly blocksPerLevel: number;
  /** The resolutions at which positions attend to each other. */
  readonly attentionAt: readonly number[];
  readonly heads: number;
  readonly groups: number;
  /** The length of the code. */
  readonly codeSize: number;
}

/** As large as the network of DDAE that the benchmarks time: 64 × 64 images, 32 to 128 channels. */
export const ddaeSized: UNetPlan = {
  size: 64,
  base: 32,
  multipliers: [1, 2, 3, 4],
  blocksPerLevel: 2,
  attentionAt: [16, 8],
  heads: 4,
  groups: 32,
  codeSize: 128,
};

/** A residual block of the network, and where it attends, the attention after it. */
type Step<Leaf> =
  | { readonly residual: ResidualBlock<Leaf> }
  | { readonly residual: ResidualBlock<Leaf>; readonly attention: Attention<Leaf> };

/** The weights of {@link uNet}. */
export type UNet<Leaf> = {
  readonly time: TimeEmbedding<Leaf>;
  readonly first: Conv2d<Leaf>;
  readonly encoder: readonly Step<Leaf>[];
  readonly middle: readonly Step<Leaf>[];
  readonly decoder: readonly Step<Leaf>[];
  readonly lastNorm: Norm<Leaf>;
  readonly lastConv: Conv2d<Leaf>;
};

interface PlannedStep {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly resampling: Resampling;
  readonly attends: boolean;
  /** Whether the features of the encoder at this place are joined to the input. */
  readonly joins: boolean;
}

interface PlannedSteps {
  readonly encoder: readonly PlannedStep[];
  readonly middle: readonly PlannedStep[];
  readonly decoder: readonly PlannedStep[];
}

/** The steps of the network in order, the same as in u_net.py. */
function planSteps({ size, base, multipliers, blocksPerLevel, attentionAt }: UNetPlan): PlannedSteps {
  const encoder: PlannedStep[] = [];
  const decoder: PlannedStep[] = [];
  const kept = [base];
  let channels = base;
  multipliers.forEach((multiplier, level) => {
    const attends = attentionAt.includes(size / 2 ** level);
    for (let block = 0; block < blocksPerLevel; block++) {
      const outChannels = base * multiplier;
      encoder.push({ inChannels: channels, outChannels, resampling: 'none', attends, joins: false });
      channels = outChannels;
      kept.push(channels);
    }
    if (level === multipliers.length - 1) return;
    encoder.push({ ...same(channels), resampling: 'down' });
    kept.push(channels);
  });
  const middle = [{ ...same(channels), attends: true }, same(channels)];
  for (let level = multipliers.length - 1; level >= 0; level--) {
    const attends = attentionAt.includes(size / 2 ** level);
    for (let block = 0; block <= blocksPerLevel; block++) {
      const inChannels = channels + (kept.pop() ?? 0);
      channels = base * multipliers[level];
      decoder.push({ inChannels, outChannels: channels, resampling: 'none', attends, joins: true });
    }
    if (level > 0) decoder.push({ ...same(channels), resampling: 'up' });
  }
  return { encoder, middle, decoder };
}

function same(channels: number): PlannedStep {
  return {
    inChannels: channels,
    outChannels: channels,
    resampling: 'none',
    attends: false,
    joins: false,
  };
}

/** Draws the weights of a conditional U-Net. */
export function initUNet(random: Random, plan: UNetPlan): UNet<WeightArray> {
  const { base, codeSize, multipliers } = plan;
  const timeSize = 4 * base;
  const initStep = ({ inChannels, outChannels, attends }: PlannedStep): Step<WeightArray> => {
    const residual = initResidualBlock(random, { inChannels, outChannels, timeSize, codeSizes: [codeSize] });
    return attends ? { residual, attention: initAttention(random, { channels: outChannels }) } : { residual };
  };
  const { encoder, middle, decoder } = planSteps(plan);
  const last = base * multipliers[0];
  return {
    time: initTimeEmbedding(random, { waves: base }),
    first: initConv2d(random, { inChannels: 1, outChannels: base }),
    encoder: encoder.map(initStep),
    middle: middle.map(initStep),
    decoder: decoder.map(initStep),
    lastNorm: initNorm(last),
    lastConv: initConv2d(random, { inChannels: last, outChannels: 1, initialization: 'zeros' }),
  };
}

/** What steers the network. */
export interface UNetConditions {
  /** The time step of each image. */
  readonly times: ArrayLike<number>;
  /** `[N, code size]` */
  readonly code: Tensor2D;
}

/**
 * Predicts the noise in images at given time steps: a U-Net after Dhariwal & Nichol 2021 (arXiv:2105.05233), steered by a
 * code as in Preechakul et al. 2022 (arXiv:2111.15640).
 *
 * @param x - `[N, size, size, 1]`
 */
export function uNet(
  weights: UNet<Tensor>,
  x: Tensor4D,
  { times, code, plan }: UNetConditions & { readonly plan: UNetPlan },
): Tensor4D {
  const { groups, heads } = plan;
  const planned = planSteps(plan);
  return tidy(() => {
    const time = timeEmbedding(weights.time, times);
    const codes = [silu(code)];
    const apply = (step: Step<Tensor>, input: Tensor4D, { resampling }: PlannedStep): Tensor4D => {
      const h = residualBlock(step.residual, input, { time, codes, groups, resampling });
      return 'attention' in step ? attention(step.attention, h, { heads, groups }) : h;
    };
    let h = conv2d(weights.first, x);
    const kept = [h];
    weights.encoder.forEach((step, index) => kept.push((h = apply(step, h, planned.encoder[index]))));
    weights.middle.forEach((step, index) => (h = apply(step, h, planned.middle[index])));
    weights.decoder.forEach((step, index) => {
      const { joins } = planned.decoder[index];
      h = apply(step, joins ? concat([h, kept.pop() as Tensor4D], 3) : h, planned.decoder[index]);
    });
    return conv2d(weights.lastConv, groupNorm(weights.lastNorm, h, { groups, activation: 'silu' }));
  });
}
