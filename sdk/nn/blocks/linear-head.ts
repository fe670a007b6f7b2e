import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { mul, reshape, sum, tidy } from '@tensorflow/tfjs-core';
import { linear } from './linear';
import type { Linear } from './linear';

/**
 * Applies one linear head out of several, for each image that of its domain.
 *
 * @param weights - all heads side by side, `[in, domains · out]`
 * @param x - `[N, in]`
 * @param domains - a row for each image with a 1 at its domain, `[N, domains]`; shares mix the heads' answers
 * @returns `[N, out]`
 */
export function linearHead(weights: Linear<Tensor>, x: Tensor2D, domains: Tensor2D): Tensor2D {
  return tidy(() => {
    const [count, heads] = domains.shape;
    const all = linear(weights, x);
    const apart = reshape(all, [count, heads, all.shape[1] / heads]);
    return sum<Tensor2D>(mul(apart, reshape(domains, [count, heads, 1])), 1);
  });
}
