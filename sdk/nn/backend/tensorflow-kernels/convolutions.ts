import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { OperationName, TensorflowKernels } from './tensorflow-kernels';

/** How the resolution changes: before a convolution by repeating values, or after it by averaging. */
export type ConvolutionResampling = 'none' | 'up' | 'down';

/** A convolution of step 1, and what comes before and after it. */
export interface ConvolutionSettings {
  readonly pad: 'same' | 'valid';
  /** With one, windows are 3 × 3 and `same`. @defaultValue 'none' */
  readonly resampling?: ConvolutionResampling;
  /** The slope below 0 of a leaky rectifier before it. @defaultValue no rectifier */
  readonly slope?: number;
  /** What all of the result is multiplied by. @defaultValue 1 */
  readonly factor?: number;
}

/** As the operations number them. */
const resamplingNumber: Readonly<Record<ConvolutionResampling, number>> = { none: 0, up: 1, down: 2 };

/** What an operation takes besides two tensors. */
interface Others {
  readonly bias?: TensorInfo;
  readonly added?: TensorInfo;
  /** What was rectified. */
  readonly mask?: TensorInfo;
  /** Height and width of the window, where no tensor has them. */
  readonly window?: readonly number[];
}

/** Convolves, or computes a gradient of that, in one operation of our own. */
export function runConvolution(
  kernels: TensorflowKernels,
  name: Extract<OperationName, `ConcordConvolve${string}`>,
  {
    inputs,
    settings: { pad, resampling = 'none', slope, factor = 1 },
    others: { bias, added, mask, window = [0, 0] } = {},
  }: {
    readonly inputs: readonly TensorInfo[];
    readonly settings: ConvolutionSettings;
    readonly others?: Others;
  },
): Tensor {
  const more = [bias, added, mask].filter((one) => one !== undefined);
  const [made] = kernels.run(name, {
    inputs: [...inputs, ...more],
    outputs: 1,
    integers: {
      K: more.length,
      same: Number(pad === 'same'),
      resampling: resamplingNumber[resampling],
      rectified: Number(slope !== undefined),
      biased: Number(bias !== undefined),
      added: Number(added !== undefined),
      tall: window[0],
      wide: window[1],
    },
    floats: { slope: slope ?? 1, factor },
  });
  return made;
}
