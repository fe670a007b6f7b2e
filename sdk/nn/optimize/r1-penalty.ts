import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { mul, square, sum, tidy, valueAndGrad } from '@tensorflow/tfjs-core';

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
  return tidy(() => judgedWithSlopes(critic, x, options).penalty);
}

/** What a critic returns on real images, and the penalty on how steeply that changes. */
export interface JudgedWithR1<Answers extends Tensor> {
  readonly answers: Answers;
  /** None where it weighs nothing. */
  readonly penalty?: Scalar;
}

/**
 * Evaluates a critic once, for what it returns on real images and for the penalty of {@link r1Penalty} on that. With a
 * `gamma` of 0 no slope is computed.
 */
export function judgedWithR1<Images extends Tensor, Answers extends Tensor>(
  critic: (x: Images) => Answers,
  x: Images,
  options: R1PenaltyOptions = {},
): JudgedWithR1<Answers> {
  return options.gamma === 0 ? { answers: critic(x) } : judgedWithSlopes(critic, x, options);
}

function judgedWithSlopes<Images extends Tensor, Answers extends Tensor>(
  critic: (x: Images) => Answers,
  x: Images,
  { gamma = 1 }: R1PenaltyOptions,
): Required<JudgedWithR1<Answers>> {
  return tidy(() => {
    // Images do not influence each other's outputs, so the gradient of their sum holds the gradient of each.
    const { value, grad } = valueAndGrad((images) => critic(images as Images))(x);
    const penalty = mul<Scalar>(sum(square(grad)), gamma / 2 / x.shape[0]);
    return { answers: value, penalty };
  });
}
