import type { GradConfig, SoftmaxAttrs, Tensor } from '@tensorflow/tfjs-core';
import { exp, mul, registerGradient, sigmoid, softmax, square, sub, sum, tanh } from '@tensorflow/tfjs-core';
import { isDifferentiating } from '../ops/is-differentiating';

/**
 * Repairs the gradients of `exp`, `sigmoid`, `tanh` and `softmax` for a second differentiation.
 *
 * They are written with the output of the operation. tfjs puts that output aside before it notes the operation on its
 * tape, so that a second differentiation takes it for a constant: without an error, the derivative of the sigmoid's
 * derivative comes out as 0. Here the output is computed again from the input where a gradient is being differentiated,
 * which costs nothing elsewhere.
 */
export function registerRecomputedGradients(): void {
  for (const config of repaired) registerGradient(config);
}

interface Operation {
  readonly kernelName: string;
  readonly input: string;
  readonly compute: (x: Tensor, attrs: object) => Tensor;
  /** The gradient by the input, from the gradient by the output and the output. */
  readonly backward: (dy: Tensor, y: Tensor, attrs: object) => Tensor;
}

function gradientOf({ kernelName, input, compute, backward }: Operation): GradConfig {
  return {
    kernelName,
    inputsToSave: [input],
    outputsToSave: [true],
    gradFunc: (dy, [x, y], attrs) => {
      const output = isDifferentiating() ? compute(x, attrs) : y;
      return { [input]: () => backward(dy as Tensor, output, attrs) };
    },
  };
}

const repaired: readonly GradConfig[] = [
  gradientOf({ kernelName: 'Exp', input: 'x', compute: (x) => exp(x), backward: (dy, y) => mul(dy, y) }),
  gradientOf({
    kernelName: 'Sigmoid',
    input: 'x',
    compute: (x) => sigmoid(x),
    backward: (dy, y) => mul(dy, mul(y, sub(1, y))),
  }),
  gradientOf({
    kernelName: 'Tanh',
    input: 'x',
    compute: (x) => tanh(x),
    backward: (dy, y) => mul(dy, sub(1, square(y))),
  }),
  gradientOf({
    kernelName: 'Softmax',
    input: 'logits',
    compute: (x, attrs) => softmax(x, (attrs as SoftmaxAttrs).dim),
    backward: (dy, y, attrs) => {
      const weighted = mul(dy, y);
      return sub(weighted, mul(sum(weighted, [(attrs as SoftmaxAttrs).dim], true), y));
    },
  }),
];
