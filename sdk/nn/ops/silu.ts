import type { Tensor } from '@tensorflow/tfjs-core';
import { add, customGrad, mul, sigmoid as sigmoidKernel, sub, tidy } from '@tensorflow/tfjs-core';
import { isDifferentiating } from './is-differentiating';
import { sigmoid } from './sigmoid';
import { tensorflowOps } from './tensorflow/tensorflow-ops';
import { wasmOps, workOnValues } from './wasm/wasm-ops';

/** What the exponential function costs, roughly. */
const OPERATIONS = 20;

/**
 * Applies the sigmoid linear unit x·σ(x), value by value (Hendrycks & Gimpel 2016, arXiv:1606.08415; "swish").
 * Differentiable any number of times; keeps only its input for that.
 */
export function silu<X extends Tensor>(x: X): X {
  const operation = customGrad((input, save) => {
    (save as (tensors: Tensor[]) => void)([input as Tensor]);
    return {
      value: forward(input as Tensor),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => siluGradient(saved, dy),
    };
  });
  return operation(x) as X;
}

/** Takes a gradient back through {@link silu}: dy·silu′(x). Differentiable any number of times. */
export function siluGradient(x: Tensor, dy: Tensor): Tensor {
  if (isDifferentiating()) return tidy(() => mul(dy, derivative(x)));
  const native = tensorflowOps();
  if (native !== undefined) return native.run('ConcordSiluGradient', { inputs: [x, dy], outputs: 1 })[0];
  const ops = wasmOps();
  if (ops === undefined || x.size < 4) return tidy(() => mul(dy, derivative(x)));
  const dx = ops.makeTensor(x.shape);
  const args = [ops.address(x), ops.address(dy), ops.address(dx), x.size];
  ops.run('siluBackward', args, workOnValues(x.size, OPERATIONS));
  return dx;
}

function forward(x: Tensor): Tensor {
  const native = tensorflowOps();
  if (native !== undefined) return native.run('ConcordSilu', { inputs: [x], outputs: 1 })[0];
  const ops = wasmOps();
  if (ops === undefined || x.size < 4) return mul(x, sigmoidKernel(x));
  const y = ops.makeTensor(x.shape);
  ops.run('siluForward', [ops.address(x), ops.address(y), x.size], workOnValues(x.size, OPERATIONS));
  return y;
}

/** σ·(1 + x·(1 − σ)) */
function derivative(x: Tensor): Tensor {
  const y = sigmoid(x);
  return mul(y, add(1, mul(x, sub(1, y))));
}
