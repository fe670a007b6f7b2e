import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { add, mean, neg, softplus, tidy } from '@tensorflow/tfjs-core';

/**
 * The critic's side of the logistic adversarial loss (Goodfellow et al. 2014, "Generative adversarial nets", equation
 * 1): mean softplus(−D(real)) + mean softplus(D(made)), the binary cross-entropy of separating the two.
 *
 * @param real - what the critic returns on real images, any shape; above 0 means real
 * @param made - what it returns on generated images
 */
export function criticLogisticLoss(real: Tensor, made: Tensor): Scalar {
  return tidy(() => add<Scalar>(mean(softplus(neg(real))), mean(softplus(made))));
}

/**
 * The generator's side in its non-saturating form (Goodfellow et al. 2014, section 3): mean softplus(−D(made)), whose
 * gradient stays where the critic is sure that an image is made.
 */
export function generatorLogisticLoss(made: Tensor): Scalar {
  return tidy(() => mean<Scalar>(softplus(neg(made))));
}
