import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, customGrad, grads, mul, split, tidy } from '@tensorflow/tfjs-core';
import type { AdaptiveGroupNormOptions, ChannelAffine } from './adaptive-group-norm';
import { adaptiveGroupNorm, checkGroups } from './adaptive-group-norm';
import type { NormSettings } from './group-norm-formula';
import { isDifferentiating } from './is-differentiating';
import { linearMap } from './linear-map';
import type { Steering } from './steering';
import { tensorflowNorm, tensorflowNormGradients } from './tensorflow/tensorflow-norm';
import { tensorflowOps } from './tensorflow/tensorflow-ops';
import { wasmSteeredNorm } from './wasm/wasm-steered-norm';

/**
 * Normalizes groups of channels and scales and shifts each channel of each image as it is steered, then applies an
 * activation: {@link adaptiveGroupNorm} with the scale and shift that follow from learned ones and from maps. One operation
 * where the backend can, which keeps only its inputs for the gradient; differentiable any number of times.
 *
 * @param x - images, `[N, H, W, C]`
 * @throws ConcordError `invalid-option` when the channels cannot be split into that many groups
 */
export function steeredGroupNorm(
  x: Tensor4D,
  steering: Steering,
  options: AdaptiveGroupNormOptions,
): Tensor4D {
  const { learned, maps } = steering;
  const { groups, epsilon = 1e-5, activation = 'none', slope = 0.2 } = options;
  checkGroups(x.shape[3], groups);
  const settings = { groups, epsilon, activation, slope };
  if (tensorflowOps() === undefined || maps.some(({ bias }) => bias === undefined)) {
    const made = isDifferentiating() ? undefined : wasmSteeredNorm(x, steering, settings);
    return (made as Tensor4D | undefined) ?? byFormula(x, steering, options);
  }
  const inputs = [
    x,
    ...(learned === undefined ? [] : [learned.scale, learned.shift]),
    ...maps.flatMap(({ values, kernel, bias }) => [values, kernel, bias as Tensor]),
  ];
  const operation = customGrad((...all) => {
    const tensors = all.slice(0, inputs.length) as Tensor[];
    (all[inputs.length] as (tensors: Tensor[]) => void)(tensors);
    return {
      value: forward(tensors, settings, maps.length),
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        backward(saved, dy as Tensor4D, { settings, maps: maps.length }),
    };
  });
  return operation(...inputs) as Tensor4D;
}

function forward([x, ...affine]: readonly Tensor[], settings: NormSettings, maps: number): Tensor {
  return tensorflowNorm({ x: x as Tensor4D, affine, maps }, settings) as Tensor;
}

function backward(
  [x, ...affine]: Tensor[],
  dy: Tensor4D,
  { settings, maps }: { readonly settings: NormSettings; readonly maps: number },
): Tensor[] {
  if (!isDifferentiating()) {
    return tensorflowNormGradients({ x: x as Tensor4D, affine, maps }, dy, settings) as Tensor[];
  }
  return tidy(() =>
    grads((again: Tensor, ...others: Tensor[]) =>
      byFormula(again as Tensor4D, steeringOf(others, maps), settings),
    )([x, ...affine], dy),
  );
}

/** What a list of tensors steers, learned values first. */
function steeringOf(affine: readonly Tensor[], count: number): Steering {
  const first = affine.length - 3 * count;
  const maps = Array.from({ length: count }, (_, index) => {
    const [values, kernel, bias] = affine.slice(first + 3 * index);
    return { values: values as Tensor2D, kernel: kernel as Tensor2D, bias };
  });
  return first === 0 ? { maps } : { learned: { scale: affine[0], shift: affine[1] }, maps };
}

function byFormula(x: Tensor4D, steering: Steering, options: AdaptiveGroupNormOptions): Tensor4D {
  return tidy(() => adaptiveGroupNorm(x, steer(steering, x.shape[3]), options));
}

/** The scale and shift of each image, `[N, C]`: all factors are multiplied first, so that the features are gone through once. */
function steer({ learned, maps }: Steering, channels: number): ChannelAffine {
  let affine = learned;
  for (const { values, kernel, bias } of maps) {
    const mapped = linearMap(values, { kernel, bias });
    const [scale, shift] = kernel.shape[1] === channels ? [mapped] : split(mapped, 2, 1);
    const factor = add(scale, 1);
    const offset = shift as Tensor | undefined;
    if (affine === undefined) affine = { scale: factor, shift: offset ?? mul(scale, 0) };
    else {
      const shifted = mul(affine.shift, factor);
      affine = {
        scale: mul(affine.scale, factor),
        shift: offset === undefined ? shifted : add(shifted, offset),
      };
    }
  }
  if (affine === undefined) throw new Error('nothing steers the normalization');
  return affine;
}
