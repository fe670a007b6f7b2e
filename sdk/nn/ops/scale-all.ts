import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { mul } from '@tensorflow/tfjs-core';
import { tensorflowOps } from './tensorflow/tensorflow-ops';

/** Multiplies several tensors by one factor, all at once where the backend can. No gradient is taken of it. */
export function scaleAll(tensors: readonly Tensor[], factor: Scalar): Tensor[] {
  const native = tensorflowOps();
  if (native === undefined || tensors.length === 0) return tensors.map((tensor) => mul(tensor, factor));
  const { length } = tensors;
  return native.run('ConcordScale', {
    inputs: [factor, ...tensors],
    outputs: length,
    integers: { N: length },
  });
}
