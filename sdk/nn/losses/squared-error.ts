import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { mean, square, sub, tidy } from '@tensorflow/tfjs-core';

/** The mean squared difference of two tensors of one shape (L2). */
export function meanSquaredError(a: Tensor, b: Tensor): Scalar {
  return tidy(() => mean<Scalar>(square(sub(a, b))));
}
