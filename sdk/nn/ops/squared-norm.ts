import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { scalar, square, stack, sum, tidy } from '@tensorflow/tfjs-core';
import { tensorflowOps } from './tensorflow/tensorflow-ops';
import { wasmOps, workOnValues } from './wasm/wasm-ops';

/** Sums the squares of all values. No gradient is taken of it. */
export function squaredNorm(x: Tensor): Scalar {
  const ops = wasmOps();
  if (ops === undefined) return tidy(() => sum(square(x)));
  return tidy(() => {
    const work = workOnValues(x.size, 4);
    const sums = ops.makeTensor([work.units]);
    ops.run('sumOfSquares', [ops.address(x), ops.address(sums), x.size], work);
    return sum(sums);
  });
}

/** Sums the squares of all values of several tensors. No gradient is taken of it. */
export function totalSquaredNorm(tensors: readonly Tensor[]): Scalar {
  if (tensors.length === 0) return scalar(0);
  const native = tensorflowOps();
  if (native !== undefined) {
    const integers = { N: tensors.length };
    return native.run('ConcordSumOfSquares', { inputs: tensors, outputs: 1, integers })[0] as Scalar;
  }
  // Not addN: on a graphics card it takes no more tensors than a shader has buffers, eight.
  return tidy(() => sum<Scalar>(stack(tensors.map(squaredNorm))));
}
