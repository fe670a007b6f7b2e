import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { OperationOptions } from '../../backend/tensorflow-kernels/tensorflow-kernels';
import type { NormSettings } from '../group-norm-formula';
import { activationNumber } from '../group-norm-formula';
import { tensorflowOps } from './tensorflow-ops';

/** Images, and what they are scaled and shifted by. */
export interface TensorflowNormInputs {
  readonly x: Tensor4D;
  /** A learned scale and shift, `[C]` or `[N, C]`, or neither; then for each map its values, kernel and bias. */
  readonly affine: readonly Tensor[];
  /** How many maps there are. */
  readonly maps: number;
}

/** Normalizes, scales, shifts and activates in native TensorFlow, or does nothing when that has no operation for it. */
export function tensorflowNorm(inputs: TensorflowNormInputs, settings: NormSettings): Tensor | undefined {
  const [y] = tensorflowOps()?.run('ConcordNormalizeGroups', options(inputs, settings)) ?? [];
  return y;
}

/** The gradients of {@link tensorflowNorm}, by x and by all of `affine`, or nothing where that does nothing. */
export function tensorflowNormGradients(
  inputs: TensorflowNormInputs,
  dy: Tensor4D,
  settings: NormSettings,
): Tensor[] | undefined {
  return tensorflowOps()?.run('ConcordNormalizeGroupsGradient', options(inputs, settings, dy));
}

function options(
  { x, affine, maps }: TensorflowNormInputs,
  { groups, activation, epsilon, slope }: NormSettings,
  dy?: Tensor,
): OperationOptions {
  const learned = affine.length > 3 * maps ? 1 : 0;
  return {
    inputs: dy === undefined ? [x, ...affine] : [x, dy, ...affine],
    outputs: dy === undefined ? 1 : 1 + affine.length,
    integers: { M: affine.length, groups, activation: activationNumber[activation], learned, maps },
    floats: { epsilon, slope },
  };
}
