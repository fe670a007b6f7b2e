import type { Tensor } from '@tensorflow/tfjs-core';
import { add, div, mul, sqrt, square, sub, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { tensorflowOps } from './tensorflow/tensorflow-ops';
import { wasmOps, workOnValues } from './wasm/wasm-ops';

/** Options of {@link adamUpdate}. */
export interface AdamUpdateOptions {
  readonly learningRate: number;
  /** How much of the mean gradient is kept. */
  readonly beta1: number;
  /** How much of the mean squared gradient is kept. */
  readonly beta2: number;
  readonly epsilon: number;
  /** The share of the parameter that is taken off, times the learning rate. */
  readonly weightDecay: number;
  /** Which step this is, from 1. */
  readonly step: number;
}

/**
 * Makes one step of Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1) with decoupled weight decay (Loshchilov &
 * Hutter 2019, arXiv:1711.05101, algorithm 2). No gradient is taken of it.
 *
 * @param param - what is learned
 * @param gradient - of the loss by `param`; like all the others of its shape
 * @param m - the mean gradient so far, at first zero
 * @param v - the mean squared gradient so far, at first zero
 * @returns the new param, m and v
 */
export function adamUpdate(
  param: Tensor,
  gradient: Tensor,
  m: Tensor,
  v: Tensor,
  { learningRate, beta1, beta2, epsilon, weightDecay, step }: AdamUpdateOptions,
): [param: Tensor, m: Tensor, v: Tensor] {
  const rest1 = 1 - beta1;
  const rest2 = 1 - beta2;
  const rate = learningRate / (1 - beta1 ** step);
  const root = 1 / Math.sqrt(1 - beta2 ** step);
  const keep = 1 - learningRate * weightDecay;
  const ops = wasmOps();
  if (ops !== undefined && param.size >= 4) {
    const next = [param, m, v].map(({ shape }) => ops.makeTensor(shape)) as [Tensor, Tensor, Tensor];
    const addresses = [param, gradient, m, v, ...next].map((tensor) => ops.address(tensor));
    const args = [...addresses, param.size, rest1, rest2, rate, root, epsilon, keep];
    ops.run('adam', args, workOnValues(param.size, 15));
    return next;
  }
  return tidy(() => {
    // Written so that most steps are by a scalar, which costs a backend half of what a step by a tensor does.
    const mean = add(mul(m, beta1), mul(gradient, rest1));
    const spread = add(mul(v, beta2), mul(square(gradient), rest2));
    const change = div(mul(mean, rate / root), add(sqrt(spread), epsilon / root));
    return [sub(keep === 1 ? param : mul(param, keep), change), mean, spread];
  });
}

/** The tensors of several parameters: what belongs together is at the same place of each list. */
export interface AdamTensors {
  readonly params: readonly Tensor[];
  readonly gradients: readonly Tensor[];
  /** The mean gradients so far. */
  readonly first: readonly Tensor[];
  /** The mean squared gradients so far. */
  readonly second: readonly Tensor[];
}

/** Options of {@link adamUpdates}. */
export interface AdamUpdatesOptions extends Omit<AdamUpdateOptions, 'learningRate'> {
  /** One for each parameter. */
  readonly learningRates: readonly number[];
}

/** Makes the step of {@link adamUpdate} for several parameters, all at once where the backend can. */
export function adamUpdates(
  tensors: AdamTensors,
  { learningRates, ...options }: AdamUpdatesOptions,
): [param: Tensor, m: Tensor, v: Tensor][] {
  const { params, gradients, first, second } = tensors;
  const native = tensorflowOps();
  if (native === undefined || params.length === 0) {
    return params.map((param, index) =>
      adamUpdate(param, gradients[index], first[index], second[index], {
        ...options,
        learningRate: learningRates[index],
      }),
    );
  }
  const { beta1, beta2, epsilon, weightDecay, step } = options;
  const root = 1 / Math.sqrt(1 - beta2 ** step);
  const each = learningRates.flatMap((rate) => [rate / (1 - beta1 ** step), 1 - rate * weightDecay]);
  const settings = tensor1d([1 - beta1, 1 - beta2, root, epsilon, ...each], 'float32');
  const count = params.length;
  const next = native.run('ConcordAdam', {
    inputs: [settings, ...params, ...gradients, ...first, ...second],
    outputs: 3 * count,
    integers: { N: count },
  });
  settings.dispose();
  return params.map((_, index) => [next[index], next[count + index], next[2 * count + index]]);
}
