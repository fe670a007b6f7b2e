import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { add, mean, mul, square, sub, tidy } from '@tensorflow/tfjs-core';

/**
 * The critic's side of the least-squares adversarial loss (Mao et al. 2017, "Least squares generative adversarial
 * networks", equation 9): ½ mean (D(real) − 1)² + ½ mean D(made)². CycleGAN uses it.
 *
 * @param real - what the critic returns on real images, any shape
 * @param made - what it returns on generated images
 */
export function criticLeastSquaresLoss(real: Tensor, made: Tensor): Scalar {
  return tidy(() => mul<Scalar>(add(mean(square(sub(real, 1))), mean(square(made))), 0.5));
}

/** The generator's side: mean (D(made) − 1)², the form without ½ that CycleGAN uses. */
export function generatorLeastSquaresLoss(made: Tensor): Scalar {
  return tidy(() => mean<Scalar>(square(sub(made, 1))));
}
