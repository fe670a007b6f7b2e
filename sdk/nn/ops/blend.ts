import type { Tensor } from '@tensorflow/tfjs-core';
import { add, mul, scalar, sub, tidy } from '@tensorflow/tfjs-core';
import { tensorflowOps } from './tensorflow/tensorflow-ops';
import { wasmOps, workOnValues } from './wasm/wasm-ops';

/**
 * Goes from one tensor a share of the way to another: from + share·(to − from); a step of a moving average with decay
 * 1 − share. No gradient is taken of it.
 *
 * @param share - from 0 to 1
 */
export function blend<X extends Tensor>(from: X, to: X, share: number): X {
  const ops = wasmOps();
  if (ops === undefined || from.size < 4) return tidy(() => add(from, mul(sub(to, from), share)));
  const blended = ops.makeTensor(from.shape);
  const args = [ops.address(from), ops.address(to), ops.address(blended), from.size, share];
  ops.run('blend', args, workOnValues(from.size, 5));
  return blended as X;
}

/** Does {@link blend} for several pairs of tensors, all at once where the backend can. */
export function blendAll(from: readonly Tensor[], to: readonly Tensor[], share: number): Tensor[] {
  const native = tensorflowOps();
  if (native === undefined || from.length === 0) {
    return from.map((one, index) => blend(one, to[index], share));
  }
  const by = scalar(share);
  const { length } = from;
  const inputs = [by, ...from, ...to];
  const blended = native.run('ConcordBlend', { inputs, outputs: length, integers: { N: length } });
  by.dispose();
  return blended;
}
