import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { abs, add, mean, mul, neg, relu, softplus, sub, tidy } from '@tensorflow/tfjs-core';

/**
 * The mean binary cross-entropy of targets given logits: mean of max(x, 0) − x·y + log(1 + e^−|x|), which neither
 * overflows nor cancels however large a logit is.
 *
 * @param logits - x: any shape; the probability of 1 is 1 / (1 + e^−x)
 * @param targets - y: 0, 1 or between, of the same shape
 */
export function binaryCrossEntropyWithLogits(logits: Tensor, targets: Tensor): Scalar {
  return tidy(() => mean<Scalar>(add(sub(relu(logits), mul(logits, targets)), softplus(neg(abs(logits))))));
}
