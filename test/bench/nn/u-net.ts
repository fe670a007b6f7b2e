import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../../sdk/data/networks/weights';
import type { UNet } from '../../../sdk/ddae/network/u-net';
import { initUNet as initSdkUNet, uNet as sdkUNet } from '../../../sdk/ddae/network/u-net';
import type { PlannedSteps } from '../../../sdk/ddae/network/u-net-plan';
import { planUNet } from '../../../sdk/ddae/network/u-net-plan';
import type { Random } from '../../../sdk/math/random';
import { silu } from '../../../sdk/nn/ops/silu';

export type { UNet } from '../../../sdk/ddae/network/u-net';

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

function planned({ base, blocksPerLevel, ...plan }: UNetPlan): PlannedSteps {
  return planUNet({ ...plan, width: base, blocks: blocksPerLevel, resampleInBlocks: true });
}

/** Draws the weights of a conditional U-Net: that of DDAE, without patches. */
export function initUNet(random: Random, plan: UNetPlan): UNet<WeightArray> {
  const { base, codeSize } = plan;
  return initSdkUNet(random, planned(plan), {
    inChannels: 1,
    channels: 1,
    width: base,
    dimensions: 2,
    codeSizes: [codeSize],
  });
}

/** What steers the network. */
export interface UNetConditions {
  /** The time step of each image. */
  readonly times: ArrayLike<number>;
  /** `[N, code size]` */
  readonly code: Tensor2D;
}

/**
 * Predicts the noise in images at given time steps.
 *
 * @param x - `[N, size, size, 1]`
 */
export function uNet(
  weights: UNet<Tensor>,
  x: Tensor4D,
  { times, code, plan }: UNetConditions & { readonly plan: UNetPlan },
): Tensor4D {
  const { groups, heads } = plan;
  return tidy(() =>
    sdkUNet(weights, x, { planned: planned(plan), times, codes: [silu(code)], groups, heads }),
  );
}
