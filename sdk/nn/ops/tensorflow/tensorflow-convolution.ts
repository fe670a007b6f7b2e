import type { GradConfig, KernelConfig, NamedAttrMap, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import {
  customGrad,
  engine,
  getKernel,
  mul,
  registerGradient,
  registerKernel,
  reshape,
} from '@tensorflow/tfjs-core';
import type { ConvolutionSettings } from '../../backend/tensorflow-kernels/convolutions';
import { runConvolution } from '../../backend/tensorflow-kernels/convolutions';
import type { TensorflowKernels } from '../../backend/tensorflow-kernels/tensorflow-kernels';
import { tensorflowKernelsOn } from '../../backend/tensorflow-kernels/tensorflow-kernels';
import { channelSums } from '../channel-sums';
import { leakyReluGradient } from '../leaky-relu';
import { tensorflowOps } from './tensorflow-ops';

/** What a convolution multiplies by and adds. */
export interface ConvolutionTensors {
  /** `[height, width, in, out]` */
  readonly filter: Tensor4D;
  /** `[out]` */
  readonly bias?: Tensor;
  /** Of the shape of the result. */
  readonly added?: Tensor;
}

/** The channels that the gradient by the filter takes at a time. */
const lanes = 16;

/** The kernel's name to tfjs, so that each gradient is computed only where it is asked for. */
const kernelName = 'ConcordConvolution';

/**
 * Convolves images in native TensorFlow together with what comes before and after it: (convolution of the rectified images
 * + bias + added)·factor, the images doubled before it, or its result halved, as the settings say. Differentiable any
 * number of times.
 *
 * @param x - `[N, H, W, in]`
 * @returns nothing where there is no operation for it
 */
export function tensorflowConvolution(
  x: Tensor4D,
  tensors: ConvolutionTensors,
  settings: ConvolutionSettings,
): Tensor4D | undefined {
  if (tensorflowOps() === undefined || !isFitting(x, tensors.filter, settings)) return undefined;
  if (getKernel(kernelName, 'tensorflow') === undefined) registerKernel(kernel);
  const { filter, bias, added } = tensors;
  const inputs = {
    x,
    filter,
    ...(bias === undefined ? {} : { bias }),
    ...(added === undefined ? {} : { added }),
  };
  return engine().runKernel<Tensor4D>(kernelName, inputs, settings as object as NamedAttrMap);
}

function isFitting(x: Tensor4D, filter: Tensor4D, { pad, resampling, slope }: ConvolutionSettings): boolean {
  const [height, width, ins, outs] = filter.shape;
  if (resampling === undefined || resampling === 'none') return outs % lanes === 0;
  if (pad !== 'same' || height !== 3 || width !== 3) return false;
  if (resampling === 'up') return slope === undefined && ins % lanes === 0;
  return outs % lanes === 0 && x.shape[1] % 2 === 0 && x.shape[2] % 2 === 0;
}

const kernel: KernelConfig = {
  kernelName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs: { x, filter, bias, added }, attrs, backend }) =>
    runConvolution(tensorflowKernelsOn(backend) as TensorflowKernels, 'ConcordConvolve', {
      inputs: [x, filter].flatMap((one) => one ?? []),
      settings: attrs as object as ConvolutionSettings,
      others: { bias, added },
    }),
};

const gradient: GradConfig = {
  kernelName,
  inputsToSave: ['x', 'filter'],
  gradFunc: (given, saved, attrs) => {
    const dy = given as Tensor4D;
    const [x, filter] = saved as Tensor4D[];
    const settings = attrs as object as ConvolutionSettings;
    const { factor = 1 } = settings;
    return {
      x: () => inputGradient(dy, filter, { x, settings }),
      filter: () => filterGradient(x, dy, { window: filter.shape, settings }),
      bias: () => channelSums(dy, factor),
      // A new tensor: tfjs disposes what it adds gradients up from.
      added: () => (factor === 1 ? reshape(dy, dy.shape) : mul(dy, factor)),
    };
  },
};
registerGradient(gradient);

function run(
  name: 'ConcordConvolveInput' | 'ConcordConvolveFilter',
  inputs: readonly Tensor[],
  rest: Pick<Parameters<typeof runConvolution>[2], 'settings' | 'others'>,
): Tensor4D {
  return runConvolution(tensorflowOps() as TensorflowKernels, name, { inputs, ...rest }) as Tensor4D;
}

/** The gradient by the images, linear in the filter and in dy; by the images it is flat. */
function inputGradient(
  dy: Tensor4D,
  filter: Tensor4D,
  { x, settings }: { readonly x: Tensor4D; readonly settings: ConvolutionSettings },
): Tensor4D {
  const { slope, ...straight } = settings;
  const operation = customGrad((gradient, weights, save) => {
    (save as (tensors: Tensor[]) => void)([x, gradient as Tensor, weights as Tensor]);
    return {
      value: run('ConcordConvolveInput', [gradient as Tensor, weights as Tensor], {
        settings,
        others: slope === undefined ? {} : { mask: x },
      }),
      gradFunc: (v: Tensor, saved: Tensor[]) => {
        const [images, above, kernel] = saved as Tensor4D[];
        const through = slope === undefined ? (v as Tensor4D) : leakyReluGradient(images, v, slope);
        return [
          tensorflowConvolution(through as Tensor4D, { filter: kernel }, straight) as Tensor,
          filterGradient(through as Tensor4D, above, { window: kernel.shape, settings: straight }),
        ];
      },
    };
  });
  return operation(dy, filter);
}

/** The gradient by the filter, linear in the rectified images and in dy. */
function filterGradient(
  x: Tensor4D,
  dy: Tensor4D,
  { window, settings }: { readonly window: readonly number[]; readonly settings: ConvolutionSettings },
): Tensor4D {
  const operation = customGrad((images, gradient, save) => {
    (save as (tensors: Tensor[]) => void)([images as Tensor, gradient as Tensor]);
    return {
      value: run('ConcordConvolveFilter', [images as Tensor, gradient as Tensor], {
        settings,
        others: { window },
      }),
      gradFunc: (v: Tensor, saved: Tensor[]) => {
        const [below, above] = saved as Tensor4D[];
        return [
          inputGradient(above, v as Tensor4D, { x: below, settings }),
          tensorflowConvolution(below, { filter: v as Tensor4D }, settings) as Tensor,
        ];
      },
    };
  });
  return operation(x, dy);
}
