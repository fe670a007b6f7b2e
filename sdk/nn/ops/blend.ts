import type { Tensor } from '@tensorflow/tfjs-core';
import { add, mul, sub, tidy } from '@tensorflow/tfjs-core';
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
