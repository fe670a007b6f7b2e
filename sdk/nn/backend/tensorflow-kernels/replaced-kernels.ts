import type {
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
  [FusedConv2D]: ({ inputs: { bias, ...inputs }, attributes, backend, stock }) => {
    const { activation = 'linear' } = attributes as { activation?: string };
    const kernels = tensorflowKernelsOn(backend);
    if (kernels === undefined || bias === undefined || activation !== 'linear' || bias.shape.length !== 1) {
      return undefined;
    }
    const convolved = stock(inputs);
    const [biased] = kernels.run('ConcordAddBias', { inputs: [convolved, bias], outputs: 1 });
    convolved.dispose();
    return biased;
  },
  [Sum]: ({ inputs: { x }, ...call }) => (x === undefined ? undefined : manySummed('Sum', x, call)),
  [Mean]: ({ inputs: { x }, ...call }) => (x === undefined ? undefined : manySummed('Mean', x, call)),
};

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
