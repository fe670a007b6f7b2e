import type { Tensor } from '@tensorflow/tfjs-core';
import {
  customGrad,
  getBackend,
  greater,
  leakyRelu as leakyReluKernel,
  mul,
  step,
  tidy,
  where,
} from '@tensorflow/tfjs-core';
import { tensorflowOps } from './tensorflow/tensorflow-ops';

/**
 * Applies the leaky rectifier, value by value: x where x > 0, else slope·x (Maas et al. 2013, "Rectifier nonlinearities
 * improve neural network acoustic models"). The gradient at 0 is `slope`. Differentiable any number of times.
 */
export function leakyRelu<X extends Tensor>(x: X, slope = 0.2): X {
  const operation = customGrad((input, save) => {
    (save as (tensors: Tensor[]) => void)([input as Tensor]);
    return {
      value: forward(input as Tensor, slope),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => leakyReluGradient(saved, dy, slope),
    };
  });
  return operation(x) as X;
}

/**
 * Takes a gradient back through {@link leakyRelu}: dy·leakyRelu′(x). Differentiable by dy any number of times; by x it is
 * flat, and no gradient of zeros is sent back through what x comes from.
 */
export function leakyReluGradient(x: Tensor, dy: Tensor, slope: number): Tensor {
  const operation = customGrad((gradient, save) => {
    (save as (tensors: Tensor[]) => void)([x]);
    return {
      value: masked(x, gradient as Tensor, slope),
      gradFunc: (v: Tensor, [saved]: Tensor[]) => leakyReluGradient(saved, v, slope),
    };
  });
  return operation(dy);
}

function masked(x: Tensor, dy: Tensor, slope: number): Tensor {
  const native = tensorflowOps();
  if (native !== undefined) {
    return native.run('ConcordLeakyReluGradient', { inputs: [x, dy], outputs: 1, floats: { slope } })[0];
  }
  return tidy(() => {
    // A step is slow where there is no kernel for it.
    if (getBackend() === 'wasm') return mul(dy, step(x, slope));
    return where(greater(x, 0), dy, mul(dy, slope));
  });
}

function forward(x: Tensor, slope: number): Tensor {
  // The wasm backend's own kernel takes ten times as long.
  return getBackend() === 'wasm' ? mul(x, step(x, slope)) : leakyReluKernel(x, slope);
}
