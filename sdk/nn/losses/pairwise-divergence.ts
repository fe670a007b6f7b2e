import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { add, exp, matMul, mean, mul, neg, square, sub, sum, tidy } from '@tensorflow/tfjs-core';

/**
 * The mean Kullback–Leibler divergence between the codes of a batch, over all ordered pairs, those of a code with itself
 * included: mean_ij KL(N_i ‖ N_j), each normal with independent coordinates,
 * ½ Σ [σ_i²/σ_j² + (μ_i − μ_j)²/σ_j² − 1 + log σ_j² − log σ_i²]. It bounds from above what a code says of its image, and so
 * of its site: KL(q(z|x) ‖ q(z)) ≤ mean_j KL(q(z|x) ‖ q(z|x_j)) (Moyer et al. 2020, "Scanner invariant representations for
 * diffusion MRI harmonization", Magnetic Resonance in Medicine 84:2174).
 *
 * @param means - μ: `[N, coordinates]`
 * @param logVariances - log σ², of the same shape
 */
export function pairwiseDivergence(means: Tensor2D, logVariances: Tensor2D): Scalar {
  return tidy(() => {
    const coordinates = means.shape[1];
    const precisions = exp<Tensor2D>(neg(logVariances));
    // (μ_i − μ_j)² about the mean code: what is far from 0 in all codes would cancel badly.
    const centered = sub<Tensor2D>(means, mean(means, 0, true));
    const spread = add<Tensor2D>(exp(logVariances), square(centered));
    const ratios = matMul(spread, precisions, false, true);
    const crossed = matMul(centered, mul<Tensor2D>(centered, precisions), false, true);
    const own = sum(mul(square(centered), precisions), 1);
    // The logarithms cancel in the mean over all ordered pairs.
    const pairs = add(sub(ratios, mul(crossed, 2)), own);
    return mul<Scalar>(sub(mean(pairs), coordinates), 0.5);
  });
}
