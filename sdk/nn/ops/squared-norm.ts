import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { square, sum, tidy } from '@tensorflow/tfjs-core';
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
