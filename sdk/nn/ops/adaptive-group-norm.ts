import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { customGrad, reshape, sum, tidy } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';
import { asRows, besideRows, checkPerChannel } from './affine-channels';
import type { NormActivation, NormGradients, NormSettings } from './group-norm-formula';
import { normGradientsByFormula, normalizeByFormula } from './group-norm-formula';
import { isDifferentiating } from './is-differentiating';
import { tensorflowNorm, tensorflowNormGradients } from './tensorflow/tensorflow-norm';
import { wasmNorm, wasmNormGradients } from './wasm/wasm-norm';

export type { NormActivation } from './group-norm-formula';

/** What a channel is multiplied by and what is added to it: `[C]`, the same for every image, or `[N, C]`. */
export interface ChannelAffine {
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/** Options of {@link adaptiveGroupNorm}. */
export interface AdaptiveGroupNormOptions {
  /** How many groups of neighboring channels; divides the number of channels. */
  readonly groups: number;
  /** Added to the variance before the root is taken. @defaultValue 1e-5 */
  readonly epsilon?: number;
  /** @defaultValue 'none' */
  readonly activation?: NormActivation;
  /** The slope of `leaky-relu` below 0. @defaultValue 0.2 */
  readonly slope?: number;
}

/**
 * Normalizes groups of channels to mean 0 and variance 1 in each image, scales and shifts each channel, then applies an
 * activation (Wu & He 2018, "Group normalization", ECCV, equations 1 to 3; with a scale and shift per image: Dhariwal &
 * Nichol 2021, arXiv:2105.05233, section 3.1). One operation, which keeps only its inputs for the gradient, and is
 * differentiable any number of times.
 *
 * @param x - images, `[N, H, W, C]`
 * @throws ConcordError `invalid-option` when the channels cannot be split into that many groups, or the scale or shift
 *   does not fit the channels
 */
export function adaptiveGroupNorm(
  x: Tensor4D,
  { scale, shift }: ChannelAffine,
  { groups, epsilon = 1e-5, activation = 'none', slope = 0.2 }: AdaptiveGroupNormOptions,
): Tensor4D {
  const settings = { groups, epsilon, activation, slope };
  checkGroups(x.shape[3], groups);
  checkPerChannel(x, scale, 'scale');
  checkPerChannel(x, shift, 'shift');
  const operation = customGrad((...inputs) => {
    const tensors = inputs.slice(0, 3) as Tensor[];
    (inputs[3] as (tensors: Tensor[]) => void)(tensors);
    return {
      value: forward(tensors, settings),
      gradFunc: (dy: Tensor, saved: Tensor[]) => backward(saved, dy as Tensor4D, settings),
    };
  });
  return operation(x, scale, shift) as Tensor4D;
}

/** @throws ConcordError `invalid-option` when that many groups do not divide the channels */
export function checkGroups(channels: number, groups: number): void {
  if (Number.isInteger(groups) && groups > 0 && channels % groups === 0) return;
  throw new ConcordError(
    'invalid-option',
    `invalid groups: ${groups} (a whole number that divides the ${channels} channels is needed)`,
  );
}

function forward([x, scale, shift]: Tensor[], settings: NormSettings): Tensor {
  const tensors = { x: x as Tensor4D, scale, shift };
  const fast =
    wasmNorm(tensors, settings) ??
    tensorflowNorm({ x: tensors.x, affine: [scale, shift], maps: 0 }, settings);
  if (fast !== undefined) return fast;
  const inputs = { x: asRows(x as Tensor4D), scale: besideRows(scale), shift: besideRows(shift) };
  return reshape(normalizeByFormula(inputs, settings), x.shape);
}

function backward([x, scale, shift]: Tensor[], dy: Tensor4D, settings: NormSettings): Tensor[] {
  const native = isDifferentiating()
    ? undefined
    : tensorflowNormGradients({ x: x as Tensor4D, affine: [scale, shift], maps: 0 }, dy, settings);
  if (native !== undefined) return native;
  return tidy(() => {
    const found = gradients([x, scale, shift], dy, settings);
    return [reshape(found.x, x.shape), likeValues(found.scale, scale), likeValues(found.shift, shift)];
  });
}

function gradients([x, scale, shift]: Tensor[], dy: Tensor4D, settings: NormSettings): NormGradients {
  const tensors = { x: x as Tensor4D, scale, shift };
  const fast = isDifferentiating() ? undefined : wasmNormGradients(tensors, dy, settings);
  if (fast !== undefined) return fast;
  const inputs = { x: asRows(x as Tensor4D), scale: besideRows(scale), shift: besideRows(shift) };
  return normGradientsByFormula(inputs, asRows(dy), settings);
}

/** Gradients per image and channel, added up where all images share the values. */
function likeValues(gradients: Tensor, values: Tensor): Tensor {
  if (values.rank === 2) return reshape(gradients, values.shape);
  return sum(reshape(gradients, [-1, values.size]), 0);
}
