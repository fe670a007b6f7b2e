import type {
  FusedConv2DAttrs,
  KernelBackend,
  KernelConfig,
  NamedTensorInfoMap,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import {
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
  [Sum]: ({ inputs: { x }, ...call }) => (x === undefined ? undefined : manySummed('Sum', x, call)),
  [Mean]: ({ inputs: { x }, ...call }) => (x === undefined ? undefined : manySummed('Mean', x, call)),
};

/**
 * Whether a convolution is one for the operation of our own, which shares the work of a single image among threads.
 * TensorFlow (2.21) leaves most of that to one of them.
 *
 * @returns how it pads, or `undefined` where TensorFlow's is to be used
 */
function ownConvolution({ x, filter }: NamedTensorInfoMap, attributes: object): 'same' | 'valid' | undefined {
  const { strides, pad, dataFormat, dilations } = attributes as FusedConv2DAttrs;
  const plain = [strides, dilations].flat().every((one) => one === 1) && dataFormat === 'NHWC';
  if (x === undefined || filter === undefined || !plain || (pad !== 'same' && pad !== 'valid'))
    return undefined;
  const [, , ins, outs] = filter.shape;
  return ins >= 8 && outs >= 16 && (x.shape[0] < 8 || x.shape[2] >= 32) ? pad : undefined;
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
