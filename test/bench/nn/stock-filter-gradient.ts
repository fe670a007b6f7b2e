import type { Conv2DBackpropFilterAttrs, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { getKernel, registerKernel } from '@tensorflow/tfjs-core';

/**
 * Completes the wasm backend of tfjs, which trains no convolution: "Kernel 'Conv2DBackpropFilter' not registered for
 * backend 'wasm'". The filter's gradient is written with the backend's own kernels as the convolution of the images
 * with the gradient, batch and channels exchanged. That is the best that can be done without a kernel of one's own:
 * the kernel of tfjs's cpu backend on copies of the data is 2000 times slower (0.01 GFLOP/s), an hour for a step.
 */
export function completeFilterGradient(): void {
  registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: filterGradient,
  });
}

const filterGradient: KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
  const { filterShape, strides, pad } = attrs as NamedAttrMap & Conv2DBackpropFilterAttrs;
  const steps = Array.isArray(strides) ? strides : [strides];
  if (pad !== 'same' || steps.some((stride) => stride !== 1))
    throw new Error('stride 1 and padding same only');
  const run = (name: string, tensors: Readonly<Record<string, TensorInfo>>, settings: object): TensorInfo => {
    const { kernelFunc } = getKernel(name, 'wasm');
    return kernelFunc({ inputs: tensors, attrs: settings as NamedAttrMap, backend }) as TensorInfo;
  };
  const images = run('Transpose', { x }, { perm: [3, 1, 2, 0] });
  const filter = run('Transpose', { x: dy }, { perm: [1, 2, 0, 3] });
  const beside = (filterShape[0] - 1) / 2;
  const around = [beside, beside];
  const padding = [[0, 0], around, around, [0, 0]];
  const settings = { strides: 1, pad: padding, dataFormat: 'NHWC', dilations: 1 };
  const products = run('Conv2D', { x: images, filter }, settings);
  const result = run('Transpose', { x: products }, { perm: [1, 2, 0, 3] });
  const store = backend as { disposeData(dataId: object): boolean };
  for (const { dataId } of [images, filter, products]) store.disposeData(dataId);
  return result;
};
