import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { add, tidy } from '@tensorflow/tfjs-core';
import { leakyRelu } from '../ops/leaky-relu';
import { tensorflowConvolution } from '../ops/tensorflow/tensorflow-convolution';
import { times } from '../ops/times';
import { checkInput } from './check-input';
import type { Convolution, Features } from './convolution';
import { convolution } from './convolution';
import type { Resampling } from './resample';
import { downsample, upsample } from './resample';

/** What comes before and after a convolution. */
export interface ResamplingConvolutionOptions<X extends Features> {
  /** The slope below 0 of a leaky rectifier before it. @defaultValue no rectifier */
  readonly slope?: number;
  /** The resolution is doubled before it, or halved after it. @defaultValue 'none' */
  readonly resampling?: Resampling;
  /** Added to the result, of the same shape. @defaultValue nothing */
  readonly added?: X;
  /** What the sum is multiplied by. @defaultValue 1 */
  readonly factor?: number;
}

/**
 * Rectifies, doubles the resolution, convolves, halves the resolution, adds and multiplies, each where it is wanted: in one
 * operation where the backend can, which spares the products that a changed resolution makes twice.
 *
 * @param x - `[N, H, W, in]` or `[N, length, in]`
 * @throws ConcordError `invalid-option` when the input does not fit the kernel, or cannot be halved
 */
export function resamplingConvolution<X extends Features>(
  weights: Convolution<Tensor>,
  x: X,
  options: ResamplingConvolutionOptions<X> = {},
): X {
  const { slope, resampling = 'none', added, factor = 1 } = options;
  if (x.rank === 4 && weights.kernel.rank === 4) {
    checkInput('convolution', x, { ranks: [4], channels: weights.kernel.shape[2] });
    const bias = 'bias' in weights ? weights.bias : undefined;
    const tensors = { filter: weights.kernel as Tensor4D, bias, added };
    const made = tensorflowConvolution(x as Tensor4D, tensors, { pad: 'same', resampling, slope, factor });
    if (made !== undefined) return made as Tensor as X;
  }
  return tidy(() => {
    const rectified = slope === undefined ? x : leakyRelu(x, slope);
    const grown = resampling === 'up' ? upsample(rectified) : rectified;
    if (resampling !== 'down') return times(convolution(weights, grown, { added }), factor);
    const halved = downsample(convolution(weights, grown));
    return times(added === undefined ? halved : add<X>(halved, added), factor);
  });
}
