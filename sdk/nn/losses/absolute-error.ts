import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { abs, customGrad, mean, mul, sign, sub, tidy } from '@tensorflow/tfjs-core';

// tfjs takes −1 for the slope of |x| at 0, which pushes every pixel of an exactly equal background; the middle of the
// subdifferential, 0, leaves it alone.
const absolute = customGrad((x, save) => {
  if (typeof save === 'function') save([x as Tensor]);
  return { value: abs(x as Tensor), gradFunc: (dy: Tensor, [saved]: Tensor[]) => mul(dy, sign(saved)) };
});

/** The mean absolute difference of two tensors of one shape (L1). Where they are equal its gradient is 0. */
export function absoluteErrorLoss(a: Tensor, b: Tensor): Scalar {
  return tidy(() => mean<Scalar>(absolute(sub(a, b))));
}
