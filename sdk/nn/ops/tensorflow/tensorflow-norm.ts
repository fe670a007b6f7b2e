import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { OperationOptions } from '../../backend/tensorflow-kernels/tensorflow-kernels';
import type { NormGradients, NormSettings, NormTensors } from '../group-norm-formula';
import { activationNumber } from '../group-norm-formula';
import { tensorflowOps } from './tensorflow-ops';

/** Normalizes, scales, shifts and activates in native TensorFlow, or does nothing when that has no operation for it. */
export function tensorflowNorm(inputs: NormTensors, settings: NormSettings): Tensor | undefined {
  const [y] = tensorflowOps()?.run('ConcordNormalizeGroups', options(inputs, settings, { outputs: 1 })) ?? [];
  return y;
}

/** The gradients of {@link tensorflowNorm}, those of scale and shift per image, or nothing where that does nothing. */
export function tensorflowNormGradients(
  inputs: NormTensors,
  dy: Tensor4D,
  settings: NormSettings,
): NormGradients | undefined {
  const found = tensorflowOps()?.run(
    'ConcordNormalizeGroupsGradient',
    options(inputs, settings, { outputs: 3, dy }),
  );
  if (found === undefined) return undefined;
  const [x, scale, shift] = found;
  return { x, scale, shift };
}

function options(
  { x, scale, shift }: NormTensors,
  { groups, activation, epsilon, slope }: NormSettings,
  { outputs, dy }: { readonly outputs: number; readonly dy?: Tensor },
): OperationOptions {
  return {
    inputs: dy === undefined ? [x, scale, shift] : [x, scale, shift, dy],
    outputs,
    integers: { groups, activation: activationNumber[activation] },
    floats: { epsilon, slope },
  };
}
