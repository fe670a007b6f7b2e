import type { Tensor } from '@tensorflow/tfjs-core';
import { customGrad, mul, sigmoid as sigmoidKernel, sub } from '@tensorflow/tfjs-core';

/**
 * Applies the logistic function 1/(1 + e⁻ˣ), value by value, differentiable any number of times.
 *
 * The gradient that tfjs has keeps the output, and tfjs loses what flows back through a kept output: a second
 * derivative of every such operation (sigmoid, tanh, exp, softmax) lacks a part. This one keeps the input.
 */
export function sigmoid<X extends Tensor>(x: X): X {
  const operation = customGrad((input, save) => {
    (save as (tensors: Tensor[]) => void)([input as Tensor]);
    return {
      value: sigmoidKernel(input as Tensor),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => {
        const y = sigmoid(saved);
        return mul(dy, mul(y, sub(1, y)));
      },
    };
  });
  return operation(x) as X;
}
