import type { Rank, Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';
import { customGrad, mul, ones, reshape, sum, tidy } from '@tensorflow/tfjs-core';
import { isDifferentiating } from './is-differentiating';
import { times } from './times';
import { tensorflowOps } from './tensorflow/tensorflow-ops';

/**
 * Sums each channel over everything else, times a factor: the gradient of a bias.
 *
 * @param x - `[…, C]`
 * @returns `[C]`
 */
export function channelSums(x: Tensor, factor = 1): Tensor1D {
  const native = isDifferentiating() ? undefined : tensorflowOps();
  if (native !== undefined && x.rank > 1 && x.size > 0) {
    const integers = { axis: 0, axes: x.rank - 1, keep: 0, mean: 0 };
    return native.run('ConcordSum', { inputs: [x], outputs: 1, integers, floats: { factor } })[0] as Tensor1D;
  }
  const channels = x.shape[x.rank - 1];
  return tidy(() => {
    const sums = reshape<Rank.R1>(sumOverRows(reshape(x, [1, x.size / channels, channels])), [channels]);
    return times(sums, factor);
  });
}

/** Sums over rows: `[N, rows, C]` → `[N, 1, C]`. Differentiable any number of times. */
export function sumOverRows(x: Tensor3D): Tensor3D {
  const [, rows] = x.shape;
  const operation = customGrad<Tensor3D>((input) => ({
    value: sum<Tensor3D>(input as Tensor3D, 1, true),
    gradFunc: (dy: Tensor3D) => spreadOverRows(dy, rows),
  }));
  return operation(x);
}

/** Repeats one row: `[N, 1, C]` → `[N, rows, C]`, the transpose of {@link sumOverRows}. */
function spreadOverRows(x: Tensor3D, rows: number): Tensor3D {
  const operation = customGrad<Tensor3D>((input) => ({
    value: mul(ones([1, rows, 1]), input as Tensor3D),
    gradFunc: (dy: Tensor3D) => sumOverRows(dy),
  }));
  return operation(x);
}
