import { conv2d, fill, grads, sum, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Tensor4D } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';

/** How long the current backend took for a convolution. */
export interface ConvolutionTrial {
  /** Seconds for the convolution of 8 images of 64 × 64 with 64 channels by a 3 × 3 kernel of 64 outputs. */
  readonly forwardSeconds: number;
  /** Seconds for the same and both gradients. */
  readonly trainingSeconds: number;
}

const images = 8;
const size = 64;
const channels = 64;

/**
 * Convolves on tfjs's current backend and checks the result and both gradients. All images are ½ and the kernel is ¼
 * throughout, so that every true value is known and exact in 32 bits.
 *
 * @throws ConcordError `unavailable-backend` when a value is wrong.
 */
export function tryConvolution(): ConvolutionTrial {
  return tidy(() => {
    const x = fill<Rank.R4>([images, size, size, channels], 0.5);
    const kernel = fill<Rank.R4>([3, 3, channels, channels], 0.25);
    const convolve = (a: Tensor4D, b: Tensor4D): Tensor4D => conv2d(a, b, 1, 'same');
    const backward = grads((a, b) => sum(convolve(a as Tensor4D, b as Tensor4D)));
    const [, y] = timed(() => convolve(x, kernel));
    // In the second row and column of an image, and in the middle of the kernel, every product takes part.
    const inside = (1 * size + 1) * channels;
    const middle = 4 * channels * channels;
    check('convolution', y.dataSync()[inside], 9 * channels * 0.5 * 0.25);
    const [, [dx, dKernel]] = timed(() => backward([x, kernel]));
    check('gradient of a convolution by its images', dx.dataSync()[inside], 9 * channels * 0.25);
    check('gradient of a convolution by its kernel', dKernel.dataSync()[middle], images * size * size * 0.5);
    const forwardSeconds = fastest(() => convolve(x, kernel).dataSync());
    const trainingSeconds = fastest(() => backward([x, kernel]).map((gradient) => gradient.dataSync()));
    return { forwardSeconds, trainingSeconds };
  });
}

function check(what: string, value: number, truth: number): void {
  if (Math.abs(value - truth) <= 1e-3 * truth) return;
  throw new ConcordError('unavailable-backend', `the ${what} is wrong: ${value} where ${truth} is right`);
}

function fastest(work: () => unknown): number {
  return Math.min(...Array.from({ length: 5 }, () => timed(work)[0]));
}

function timed<Result>(work: () => Result): [seconds: number, result: Result] {
  const start = performance.now();
  const result = work();
  return [(performance.now() - start) / 1000, result];
}
