import type { Rank, Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import {
  customGrad,
  grads,
  matMul,
  mul,
  reshape,
  softmax,
  split,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { isDifferentiating } from './is-differentiating';
import { tensorflowOps } from './tensorflow/tensorflow-ops';
import { wasmAttend } from './wasm/wasm-attend';

/**
 * Finds at each position what the others have, by likeness: softmax(q·kᵀ/√d)·v for each head (Vaswani et al. 2017,
 * arXiv:1706.03762, equation 1). Differentiable any number of times. Where it is one operation of the backend, memory does not
 * grow with the square of the number of positions.
 *
 * @param queriesKeysValues - `[N, …, 3C]`: queries, keys and values in that order, each head after head
 * @param heads - divides C
 * @returns `[N, …, C]`
 */
export function attend(queriesKeysValues: Tensor, heads: number): Tensor {
  if (tensorflowOps() === undefined) {
    const found = isDifferentiating() ? undefined : wasmAttend(queriesKeysValues, heads);
    return found ?? byFormula(queriesKeysValues, heads);
  }
  const operation = customGrad((input, save) => {
    (save as (tensors: Tensor[]) => void)([input as Tensor]);
    return {
      value: native('ConcordAttention', [input as Tensor], heads),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => backward(saved, dy, heads),
    };
  });
  return operation(queriesKeysValues);
}

function native(
  name: 'ConcordAttention' | 'ConcordAttentionGradient',
  inputs: readonly Tensor[],
  heads: number,
): Tensor {
  return (tensorflowOps()?.run(name, { inputs, outputs: 1, integers: { heads } }) ?? [])[0];
}

function backward(x: Tensor, dy: Tensor, heads: number): Tensor {
  if (!isDifferentiating()) return native('ConcordAttentionGradient', [x, dy], heads);
  return tidy(() => grads((again) => byFormula(again, heads))([x], dy)[0]);
}

function byFormula(queriesKeysValues: Tensor, heads: number): Tensor {
  return tidy(() => {
    const { shape } = queriesKeysValues;
    const [batch, all] = [shape[0], shape[shape.length - 1]];
    const positions = queriesKeysValues.size / batch / all;
    const size = all / 3 / heads;
    const rows = reshape<Rank.R3>(queriesKeysValues, [batch, positions, all]);
    const byHead = (part: Tensor): Tensor3D =>
      reshape(transpose(reshape(part, [batch, positions, heads, size]), [0, 2, 1, 3]), [
        batch * heads,
        positions,
        size,
      ]);
    const [queries, keys, values] = split(rows, 3, 2).map(byHead);
    // Scaled before the product, where the values are fewer; softmax subtracts the largest before it takes powers.
    const likeness = matMul(mul(queries, 1 / Math.sqrt(size)), keys, false, true);
    const found = reshape(matMul(softmax(likeness), values), [batch, heads, positions, size]);
    return reshape(transpose(found, [0, 2, 1, 3]), [...shape.slice(0, -1), heads * size]);
  });
}
