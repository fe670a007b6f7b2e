import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { logSoftmax, mean, mul, neg, sub, sum, tidy } from '@tensorflow/tfjs-core';

/**
 * The cross-entropy of a critic that names sites: what it makes smaller.
 *
 * @param logits - `[N, sites]`
 * @param sites - one 1 in each row, `[N, sites]`
 */
export function siteCrossEntropy(logits: Tensor2D, sites: Tensor2D): Scalar {
  return tidy(() => neg(mean<Scalar>(sum(mul(logSoftmax(logits), sites), 1))));
}

/**
 * How far a critic is from saying that every site is as likely: the cross-entropy to the uniform distribution, less its
 * least value, so that 0 is perfect confusion (Tzeng et al. 2015, arXiv:1510.02192, equation 4).
 *
 * @param logits - `[N, sites]`
 */
export function siteConfusion(logits: Tensor2D): Scalar {
  return tidy(() => {
    const sites = logits.shape[1];
    return sub<Scalar>(neg(mean<Scalar>(logSoftmax(logits))), Math.log(sites));
  });
}
