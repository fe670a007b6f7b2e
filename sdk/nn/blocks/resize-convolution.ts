import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { Conv2d } from './conv2d';
import { conv2d } from './conv2d';
import { upsample } from './resample';

/**
 * Doubles the resolution by nearest neighbors and convolves, the edge mirrored: every pixel is made by the same number of
 * weights, where a transposed convolution leaves a checkerboard (Odena et al. 2016, "Deconvolution and checkerboard
 * artifacts", Distill). It has as many weights as a transposed convolution of the same window.
 *
 * @param x - images, `[N, H, W, in]`
 * @returns `[N, 2H, 2W, out]`
 * @throws ConcordError `invalid-option` when the input does not fit the kernel
 */
export function resizeConvolution(weights: Conv2d<Tensor>, x: Tensor4D): Tensor4D {
  return tidy(() => conv2d(weights, upsample(x), { padding: 'reflect' }));
}
