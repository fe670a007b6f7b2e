import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, mul, ones, reshape, rsqrt, square, sub, sum } from '@tensorflow/tfjs-core';
import { sumOverRows } from './channel-sums';
import { leakyRelu, leakyReluGradient } from './leaky-relu';
import { silu, siluGradient } from './silu';

/** What follows a normalization. */
export type NormActivation = 'silu' | 'leaky-relu' | 'none';

/** The activations as the kernels of our own number them. */
export const activationNumber: Readonly<Record<NormActivation, number>> = {
  none: 0,
  silu: 1,
  'leaky-relu': 2,
};

/** Images, and per channel, or per image and channel, what they are scaled by and shifted by. */
export interface NormTensors {
  readonly x: Tensor4D;
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/** How to normalize. */
export interface NormSettings {
  readonly groups: number;
  readonly epsilon: number;
  readonly activation: NormActivation;
  readonly slope: number;
}

/** Rows and what they are scaled by and shifted by, `[1 or N, 1, C]`. */
export interface NormInputs {
  readonly x: Tensor3D;
  readonly scale: Tensor3D;
  readonly shift: Tensor3D;
}

/**
 * Normalizes groups of channels, scales, shifts and activates, written in operations that every backend has and that can
 * be differentiated any number of times.
 *
 * @param inputs - rows of channels, `[N, rows, C]`
 */
export function normalizeByFormula(inputs: NormInputs, settings: NormSettings): Tensor {
  const affine = affineOf(inputs, momentsOf(inputs.x, settings));
  if (settings.activation === 'silu') return silu(affine);
  return settings.activation === 'leaky-relu' ? leakyRelu(affine, settings.slope) : affine;
}

/** The gradients of {@link normalizeByFormula}, those of scale and shift per image, `[N, 1, C]`. */
export interface NormGradients {
  readonly x: Tensor;
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/**
 * The gradients of {@link normalizeByFormula}. With g = dy·activation′ and x̂ = (x − mean)/σ, sums Σ over the rows of an
 * image and means ⟨ ⟩ over a group: shift Σ g, scale Σ g·x̂, x (scale·g − ⟨scale·g⟩ − x̂·⟨scale·g·x̂⟩)/σ.
 */
export function normGradientsByFormula(
  inputs: NormInputs,
  dy: Tensor3D,
  settings: NormSettings,
): NormGradients {
  const { groups, activation, slope } = settings;
  const moments = momentsOf(inputs.x, settings);
  const { shifted, offset, inverse } = moments;
  const direct = {
    none: () => dy,
    silu: () => siluGradient(affineOf(inputs, moments), dy) as Tensor3D,
    'leaky-relu': () => leakyReluGradient(affineOf(inputs, moments), dy, slope) as Tensor3D,
  }[activation]();
  const byShift = sumOverRows(direct);
  const products = sumOverRows(mul(direct, shifted));
  const byScale = mul(sub(products, mul(offset, byShift)), inverse);

  // Everything per group is worked out on these sums, so that the rows are gone through only a few times.
  const meanOf = (sums: Tensor): Tensor => groupMeans(mul(inputs.scale, sums), inputs.x.shape[1], groups);
  const along = mul(square(inverse), meanOf(byScale));
  const across = sub(mul(inverse, meanOf(byShift)), mul(offset, along));
  const throughMoments = add(mul(shifted, along), across);
  const x = sub(mul(direct, mul(inverse, inputs.scale)), throughMoments);
  return { x, scale: byScale, shift: byShift };
}

/** What is known of the groups, at each channel: `[N, 1, C]`. */
interface Moments {
  /** The values less nearly their mean, `[N, rows, C]`. */
  readonly shifted: Tensor3D;
  /** The mean that they still have. */
  readonly offset: Tensor;
  /** 1/σ */
  readonly inverse: Tensor;
}

function momentsOf(x: Tensor3D, { groups, epsilon }: NormSettings): Moments {
  const [, rows] = x.shape;
  const meansOf = (values: Tensor3D): Tensor => groupMeans(sumOverRows(values), rows, groups);
  // In float32 the first mean of values far from 0 is off by more than their spread allows, but what is left is small.
  const shifted: Tensor = sub(x, meansOf(x));
  const offset = meansOf(shifted as Tensor3D);
  const variance = sub(meansOf(square(shifted as Tensor3D)), square(offset));
  return { shifted: shifted as Tensor3D, offset, inverse: rsqrt(add(variance, epsilon)) };
}

/** x̂·scale + shift */
function affineOf({ scale, shift }: NormInputs, { shifted, offset, inverse }: Moments): Tensor {
  const factor = mul(inverse, scale);
  return add(mul(shifted, factor), sub(shift, mul(offset, factor)));
}

/** The means over the rows and channels of a group, at each of its channels, from sums over rows: `[N, 1, C]` both. */
function groupMeans(sums: Tensor, rows: number, groups: number): Tensor {
  const [batch, , channels] = sums.shape as [number, number, number];
  const perGroup = channels / groups;
  const means = mul(sum(reshape(sums, [batch, groups, perGroup]), 2, true), 1 / (rows * perGroup));
  return reshape(mul(means, ones([1, 1, perGroup])), [batch, 1, channels]);
}
