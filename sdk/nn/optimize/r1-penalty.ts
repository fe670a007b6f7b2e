import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { grad, mul, square, sum, tidy } from '@tensorflow/tfjs-core';

/** How strong the penalty is. */
export interface R1PenaltyOptions {
  /**
   * Its weight: γ in the paper.
   *
   * @defaultValue 1
   */
  readonly gamma?: number;
}

/**
 * Penalizes how steeply a critic's output changes with real images: ½·γ·mean over images of ‖∇ₓ D(x)‖² (Mescheder,
 * Geiger & Nowozin 2018, "Which training methods for GANs do actually converge?", equation 9). It keeps adversarial
 * training from circling. Within a loss it is differentiated once more, by the critic's parameters; the gradients that
 * tfjs lacks for this come with `useBackend`.
 *
 * @param critic - from images to any number of answers each, which are added up; it must judge every image by itself
 *   (no batch norm)
 * @param x - real images, the first axis counts them
 */
export function r1Penalty<Images extends Tensor>(
  critic: (x: Images) => Tensor,
  x: Images,
  options: R1PenaltyOptions = {},
): Scalar {
  const { gamma = 1 } = options;
  return tidy(() => {
    // Images do not influence each other's outputs, so the gradient of the sum holds the gradient of each.
    const slopes = grad((images) => sum(critic(images as Images)))(x);
    return mul<Scalar>(sum(square(slopes)), gamma / 2 / x.shape[0]);
  });
}
