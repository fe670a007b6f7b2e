import type {
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
  KernelBackend,
  KernelConfig,
  NamedTensorInfoMap,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import {
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  FusedConv2D,
  Mean,
  Reshape,
  Sum,
  getKernel,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { runConvolution } from './convolutions';
import { manySummed } from './sums';
import { tensorflowKernelsOn } from './tensorflow-kernels';

/** A kernel of tfjs-node as it returns: one tensor. */
type Stock = (inputs: NamedTensorInfoMap) => Tensor;

/** What takes the place of a kernel of tfjs-node; where it returns nothing, that one is run. */
type Replacement = (call: {
  readonly inputs: NamedTensorInfoMap;
  readonly attributes: object;
  readonly backend: KernelBackend;
  readonly stock: Stock;
}) => TensorInfo | undefined;

const replacements: Readonly<Record<string, Replacement>> = {
  // tfjs reshapes gradients to the shape that they have, and TensorFlow takes 25 microseconds to do nothing.
  [Reshape]: ({ inputs: { x }, attributes, backend }) => {
    if (x === undefined || (attributes as { shape: number[] }).shape.join() !== x.shape.join())
      return undefined;
    backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  },
  [FusedConv2D]: ({ inputs: { bias, added, ...inputs }, attributes, backend, stock }) => {
    const { activation = 'linear' } = attributes as { activation?: string };
    const kernels = tensorflowKernelsOn(backend);
    if (kernels === undefined || bias === undefined || activation !== 'linear' || bias.shape.length !== 1) {
      return undefined;
    }
    const others = added === undefined ? [] : [added];
    const pad = ownConvolution(inputs, attributes);
    if (pad !== undefined) {
      const { x, filter } = inputs as { x: TensorInfo; filter: TensorInfo };
      const settings = { inputs: [x, filter], settings: { pad }, others: { bias, added } };
      return runConvolution(kernels, 'ConcordConvolve', settings);
    }
    const convolved = stock(inputs);
    const [biased] = kernels.run('ConcordAddBias', {
      inputs: [convolved, bias, ...others],
      outputs: 1,
      integers: { K: others.length },
    });
    convolved.dispose();
    return biased;
  },
  [Conv2DBackpropInput]: ({ inputs: { dy, filter }, attributes, backend }) => {
    const kernels = tensorflowKernelsOn(backend);
    if (kernels === undefined || dy === undefined || filter === undefined) return undefined;
    const { inputShape } = attributes as Conv2DBackpropInputAttrs;
    const pad = plainPadding(attributes);
    if (pad === undefined || !isTiled(inputShape, filter.shape)) return undefined;
    return runConvolution(kernels, 'ConcordConvolveInput', { inputs: [dy, filter], settings: { pad } });
  },
  [Conv2DBackpropFilter]: ({ inputs: { x, dy }, attributes, backend }) => {
    const kernels = tensorflowKernelsOn(backend);
    if (kernels === undefined || x === undefined || dy === undefined) return undefined;
    const { filterShape: window } = attributes as Conv2DBackpropFilterAttrs;
    const pad = plainPadding(attributes);
    if (pad === undefined || !isTiled(dy.shape, window)) return undefined;
    const call = { inputs: [x, dy], settings: { pad }, others: { window } };
    return runConvolution(kernels, 'ConcordConvolveFilter', call);
  },
  [Sum]: ({ inputs: { x }, ...call }) => (x === undefined ? undefined : manySummed('Sum', x, call)),
  [Mean]: ({ inputs: { x }, ...call }) => (x === undefined ? undefined : manySummed('Mean', x, call)),
};

/**
 * Whether a convolution is one for the operation of our own: by tiles, which takes fewer products, or because it shares the
 * work of a single image among threads. TensorFlow (2.21) leaves most of that to one of them.
 *
 * @returns how it pads, or `undefined` where TensorFlow's is to be used
 */
function ownConvolution({ x, filter }: NamedTensorInfoMap, attributes: object): 'same' | 'valid' | undefined {
  const pad = plainPadding(attributes);
  if (x === undefined || filter === undefined || pad === undefined) return undefined;
  const [, , ins, outs] = filter.shape;
  const shares = ins >= 8 && outs >= 16 && (x.shape[0] < 8 || x.shape[2] >= 32);
  return shares || isTiled(x.shape, filter.shape) ? pad : undefined;
}

/** How a convolution pads that goes pixel by pixel and is not dilated; `undefined` for others. */
function plainPadding(attributes: object): 'same' | 'valid' | undefined {
  const { strides, pad, dataFormat, dilations = 1 } = attributes as FusedConv2DAttrs;
  const plain = [strides, dilations].flat().every((one) => one === 1) && dataFormat === 'NHWC';
  return plain && (pad === 'same' || pad === 'valid') ? pad : undefined;
}

/** Whether the operations of our own convolve images of a size by tiles: native/tiles.ts. */
function isTiled([images, height, width]: readonly number[], filter: readonly number[]): boolean {
  const [tall, wide, ins, outs] = filter;
  const tiles = images * Math.ceil(height / 2) * Math.ceil(width / 2);
  return tall === 3 && wide === 3 && ins % 16 === 0 && outs % 16 === 0 && tiles >= 16;
}

const replaced = new WeakSet<KernelConfig>();

/** Replaces kernels of tfjs-node that take longer than they need to, or lose digits. Calling it again does nothing. */
export function replaceTensorflowKernels(): void {
  for (const [name, replacement] of Object.entries(replacements)) {
    const original = getKernel(name, 'tensorflow');
    if (original === undefined || replaced.has(original)) continue;
    const config: KernelConfig = {
      ...original,
      kernelFunc: (parameters) => {
        const { inputs, attrs = {}, backend } = parameters;
        const stock: Stock = (others) => original.kernelFunc({ ...parameters, inputs: others }) as Tensor;
        const answer = replacement({ inputs, attributes: attrs, backend: backend as KernelBackend, stock });
        return answer ?? original.kernelFunc(parameters);
      },
    };
    unregisterKernel(name, 'tensorflow');
    registerKernel(config);
    replaced.add(config);
  }
}
