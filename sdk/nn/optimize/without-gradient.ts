import type { Tensor } from '@tensorflow/tfjs-core';
import { customGrad } from '@tensorflow/tfjs-core';

/**
 * Computes something that is taken for a constant by the loss that it is used in: no gradient flows through it, and nothing
 * is recorded or kept for one.
 */
export function withoutGradient<Result extends Tensor>(compute: () => Result): Result {
  return customGrad(() => ({ value: compute(), gradFunc: () => [] }))() as Result;
}
