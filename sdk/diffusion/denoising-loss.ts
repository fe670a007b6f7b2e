import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { mean, mul, reshape, square, sub, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Random } from '../math/random';
import type { NoiseSchedule } from './noise-schedule';
import type { Prediction } from './noise-schedule';
import { addNoise, predictionTarget } from './prediction';

/** A network as the objective and the samplers see it: noisy images and their times in, its prediction out. */
export type Denoiser<X extends Tensor> = (noisy: X, times: ArrayLike<number>) => X;

/** What is drawn for one step of training: a time and noise for each image. */
export interface NoiseDraw {
  /** One for each image, 1 … T. */
  readonly times: Int32Array;
  /** As many standard normal numbers as the images have. */
  readonly epsilon: Float32Array;
}

/** Options of {@link denoisingLoss}. */
export interface DenoisingLossOptions {
  readonly schedule: NoiseSchedule;
  /** @defaultValue `'epsilon'` */
  readonly prediction?: Prediction;
  /**
   * The largest signal-to-noise ratio that counts in full: steps with hardly any noise, of which there are many, weigh
   * less (Hang et al. 2023, arXiv:2303.09556; 5 there).
   *
   * @defaultValue no weights: L_simple
   */
  readonly minSnr?: number;
}

/**
 * Draws times and noise. The times of a batch are one in each of as many equal parts of 1 … T, in random order: each is
 * uniform, and batches differ less from each other.
 */
export function drawNoise(random: Random, shape: readonly number[], { steps }: NoiseSchedule): NoiseDraw {
  const [count] = shape;
  const size = shape.reduce((product, length) => product * length, 1);
  const times = new Int32Array(count);
  const start = random.uniform();
  for (let i = 0; i < count; i++) times[i] = 1 + Math.floor(steps * (((i + start) / count) % 1));
  for (let i = count - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [times[i], times[other]] = [times[other], times[i]];
  }
  const epsilon = new Float32Array(size);
  for (let i = 0; i < size; i++) epsilon[i] = random.normal();
  return { times, epsilon };
}

/**
 * The denoising objective: the mean squared error of what the network says of images with noise, L_simple of Ho et al.
 * 2020 (arXiv:2006.11239, equation 14), where asked weighted by min-SNR. Runs within `tidy`, differentiable.
 *
 * @param clean - images, `[N, …]`
 */
export function denoisingLoss<X extends Tensor>(
  denoiser: Denoiser<X>,
  { clean, draw }: { readonly clean: X; readonly draw: NoiseDraw },
  { schedule, prediction = 'epsilon', minSnr }: DenoisingLossOptions,
): Scalar {
  const each = (value: (time: number) => number): Tensor =>
    tensor(Float32Array.from(draw.times, value), [draw.times.length, ...clean.shape.slice(1).map(() => 1)]);
  return tidy(() => {
    const mixture = { signal: each((t) => schedule.signal[t]), noise: each((t) => schedule.noise[t]) };
    const epsilon = tensor(draw.epsilon, clean.shape) as X;
    const predicted = denoiser(addNoise(clean, epsilon, mixture), draw.times);
    const errors = square(sub(predicted, predictionTarget(prediction, { clean, epsilon }, mixture)));
    if (minSnr === undefined) return mean(errors);
    const perImage = mean(reshape(errors, [draw.times.length, -1]), 1);
    const weights = Float32Array.from(draw.times, (t) => minSnrWeight(schedule, t, { prediction, minSnr }));
    return mean(mul(perImage, tensor(weights)));
  });
}

/** The weight of a step: min(SNR, γ)/SNR for ε, and as much over SNR + 1 for v, so that both weigh x₀ alike. */
export function minSnrWeight(
  { signal, noise }: NoiseSchedule,
  time: number,
  { prediction, minSnr }: { readonly prediction: Prediction; readonly minSnr: number },
): number {
  const snr = (signal[time] / noise[time]) ** 2;
  return Math.min(snr, minSnr) / (prediction === 'epsilon' ? snr : snr + 1);
}
