import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { add, exp, mean, mul, square, sub, sum, tidy } from '@tensorflow/tfjs-core';

/**
 * The Kullback–Leibler divergence of normal distributions with independent coordinates from the standard normal:
 * ½ Σ (μ² + σ² − 1 − log σ²), the mean over the batch (Kingma & Welling 2014, "Auto-encoding variational Bayes",
 * appendix B).
 *
 * @param means - μ: [batch, coordinates]
 * @param logVariances - log σ², of the same shape; its exponential overflows above 88
 */
export function gaussianDivergence(means: Tensor2D, logVariances: Tensor2D): Scalar {
  return tidy(() => {
    const doubled = sub(sub(add(square(means), exp(logVariances)), 1), logVariances);
    return mul<Scalar>(mean(sum(doubled, 1)), 0.5);
  });
}
