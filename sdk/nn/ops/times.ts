import type { Tensor } from '@tensorflow/tfjs-core';
import { mul } from '@tensorflow/tfjs-core';

/** A tensor times a factor: itself, and no new one, where the factor is 1. */
export function times<X extends Tensor>(x: X, factor: number): X {
  return factor === 1 ? x : mul(x, factor);
}
