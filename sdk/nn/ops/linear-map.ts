import type { NamedTensorMap, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { add, customGrad, engine, matMul, reshape, tidy } from '@tensorflow/tfjs-core';
import { channelSums } from './channel-sums';
import { tensorflowOps } from './tensorflow/tensorflow-ops';
import { wasmOps } from './wasm/wasm-ops';

/** What a linear map multiplies by and adds. */
export interface LinearMapTensors {
  /** `[in, out]` */
  readonly kernel: Tensor2D;
  /** `[out]` */
  readonly bias?: Tensor;
  /** Added to what comes of it, of the same shape. */
  readonly added?: Tensor;
}

/**
 * Maps the last axis linearly: x·kernel + bias + added. One operation where the backend can; differentiable any number of
 * times.
 *
 * @param x - `[…, in]`
 * @returns `[…, out]`
 */
export function linearMap(x: Tensor, { kernel, bias, added }: LinearMapTensors): Tensor {
  if (bias !== undefined && (tensorflowOps() ?? wasmOps()) !== undefined) {
    return inOneOperation([x, kernel, bias, ...(added === undefined ? [] : [added])]);
  }
  return tidy(() => {
    const product = matMul(asMatrix(x), kernel);
    const mapped = bias === undefined ? product : add(product, bias);
    const y = x.rank === 2 ? mapped : reshape(mapped, [...x.shape.slice(0, -1), kernel.shape[1]]);
    return added === undefined ? y : add(added, y);
  });
}

const inOneOperation = (inputs: readonly Tensor[]): Tensor => {
  const operation = customGrad((...all) => {
    const tensors = all.slice(0, inputs.length) as Tensor[];
    (all[inputs.length] as (tensors: Tensor[]) => void)(tensors.slice(0, 2));
    return {
      value: forward(tensors),
      gradFunc: (dy: Tensor, saved: Tensor[]) => backward(dy, saved, inputs),
    };
  });
  return operation(...inputs);
};

function forward(inputs: readonly Tensor[]): Tensor {
  if (wasmOps() !== undefined) {
    const [x, kernel, bias, added] = inputs as readonly (Tensor | undefined)[];
    const named = { x, kernel, bias, ...(added === undefined ? {} : { added }) };
    return engine().runKernel<Tensor>('ConcordLinear', named as NamedTensorMap);
  }
  const integers = { K: inputs.length - 3 };
  const made = tensorflowOps()?.run('ConcordLinear', { inputs, outputs: 1, integers }) ?? [];
  return made[0];
}

function backward(dy: Tensor, [x, kernel]: Tensor[], inputs: readonly Tensor[]): Tensor[] {
  return tidy(() => {
    const rows = asMatrix(dy);
    const byX = reshape(matMul(rows, kernel as Tensor2D, false, true), x.shape);
    const byKernel = matMul(asMatrix(x), rows, true, false);
    // A new tensor: tfjs disposes what it adds gradients up from.
    const others = inputs.length > 3 ? [reshape(dy, dy.shape)] : [];
    return [byX, byKernel, channelSums(dy), ...others];
  });
}

function asMatrix(x: Tensor): Tensor2D {
  const channels = x.shape[x.rank - 1];
  return x.rank === 2 ? (x as Tensor2D) : reshape(x, [x.size / channels, channels]);
}
