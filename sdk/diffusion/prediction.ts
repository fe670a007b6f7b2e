import type { Tensor } from '@tensorflow/tfjs-core';
import { add, mul, sub, tidy } from '@tensorflow/tfjs-core';
import type { Prediction } from './noise-schedule';

/** How much of the image and of noise there is: numbers, or a tensor that broadcasts, one for each image. */
export interface Mixture {
  readonly signal: number | Tensor;
  readonly noise: number | Tensor;
}

/** Mixes an image with noise: x_t = signal·x₀ + noise·ε. */
export function addNoise<X extends Tensor>(clean: X, epsilon: X, { signal, noise }: Mixture): X {
  return tidy(() => add<X>(mul(clean, signal), mul(epsilon, noise)));
}

/** What the network is taught to say of the mixture of `clean` and `epsilon`. */
export function predictionTarget<X extends Tensor>(
  kind: Prediction,
  { clean, epsilon }: { readonly clean: X; readonly epsilon: X },
  { signal, noise }: Mixture,
): X {
  return kind === 'epsilon' ? epsilon : tidy(() => sub<X>(mul(epsilon, signal), mul(clean, noise)));
}

/**
 * What a prediction says of image and noise: both, so that signal·clean + noise·epsilon is the noisy image again.
 *
 * @param noisy - x_t
 * @param predicted - what the network returns at t
 */
export function readPrediction<X extends Tensor>(
  kind: Prediction,
  { noisy, predicted }: { readonly noisy: X; readonly predicted: X },
  { signal, noise }: { readonly signal: number; readonly noise: number },
): { readonly clean: X; readonly epsilon: X } {
  if (kind === 'epsilon') {
    return { clean: tidy(() => mul<X>(sub(noisy, mul(predicted, noise)), 1 / signal)), epsilon: predicted };
  }
  return {
    clean: tidy(() => sub<X>(mul(noisy, signal), mul(predicted, noise))),
    epsilon: tidy(() => add<X>(mul(noisy, noise), mul(predicted, signal))),
  };
}
