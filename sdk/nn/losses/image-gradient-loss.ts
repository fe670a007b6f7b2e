import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core';
import { add, slice, sub, tidy } from '@tensorflow/tfjs-core';
import { absoluteErrorLoss } from './absolute-error';

/**
 * Compares the edges of images: the mean absolute difference of their forward differences down the rows plus that along
 * the rows (the gradient difference loss of Mathieu, Couprie & LeCun 2016, "Deep multi-scale video prediction beyond
 * mean square error", with signed differences, α = 1, and means in place of sums).
 *
 * @param a - [images, height, width, channels], at least 2 × 2
 * @param b - of the same shape
 */
export function imageGradientLoss(a: Tensor4D, b: Tensor4D): Scalar {
  return tidy(() =>
    add<Scalar>(
      absoluteErrorLoss(differences(a, 1), differences(b, 1)),
      absoluteErrorLoss(differences(a, 2), differences(b, 2)),
    ),
  );
}

/** Each pixel's neighbor along an axis minus the pixel. */
function differences(x: Tensor4D, axis: 1 | 2): Tensor4D {
  const step = x.shape.map((_, at) => (at === axis ? 1 : 0));
  const size = x.shape.map((length, at) => length - step[at]);
  return sub(slice(x, step, size), slice(x, [0, 0, 0, 0], size));
}
