import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** What is used of the backend of tfjs-node: it runs any operation that TensorFlow knows. */
interface NativeBackend extends KernelBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: Readonly<Record<'TF_ATTR_INT' | 'TF_ATTR_FLOAT', number>>;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
}

interface OperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number;
}

/** The operations of our own: the source is in the folder native, with their inputs and outputs at its end. */
export type OperationName =
  | 'ConcordNormalizeGroups'
  | 'ConcordNormalizeGroupsGradient'
  | 'ConcordAddBias'
  | 'ConcordConvolve'
  | 'ConcordConvolveInput'
  | 'ConcordConvolveFilter'
  | 'ConcordLinear'
  | 'ConcordAttention'
  | 'ConcordAttentionGradient'
  | 'ConcordSilu'
  | 'ConcordSiluGradient'
  | 'ConcordLeakyReluGradient'
  | 'ConcordDouble'
  | 'ConcordHalve'
  | 'ConcordSum'
  | 'ConcordAdam'
  | 'ConcordBlend'
  | 'ConcordScale'
  | 'ConcordSumOfSquares';

/** How an operation is run. */
export interface OperationOptions {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: number;
  /** @defaultValue {} */
  readonly integers?: Readonly<Record<string, number>>;
  /** @defaultValue {} */
  readonly floats?: Readonly<Record<string, number>>;
}

/** The operations of our own inside native TensorFlow. */
export interface TensorflowKernels {
  /** Runs an operation. Each set of attributes makes a kernel that TensorFlow keeps: what changes is to be an input. */
  run(name: OperationName, options: OperationOptions): Tensor[];
}

const kernelsOf = new WeakMap<object, TensorflowKernels>();

/**
 * Says that the operations of our own have been loaded into a backend. They compute on the processor: where TensorFlow
 * computes on a CUDA device they are not used.
 *
 * @returns whether they are used
 */
export function useTensorflowKernels(backend: KernelBackend): boolean {
  const native = backend as NativeBackend;
  if (native.isUsingGpuDevice) return false;
  const { TF_ATTR_INT, TF_ATTR_FLOAT } = native.binding;
  const attributes = (values: Readonly<Record<string, number>>, type: number): OperationAttribute[] =>
    Object.entries(values).map(([name, value]) => ({ name, type, value }));
  kernelsOf.set(backend, {
    run: (name, { inputs, outputs, integers = {}, floats = {} }) =>
      native.executeMultipleOutputs(
        name,
        [...attributes(integers, TF_ATTR_INT), ...attributes(floats, TF_ATTR_FLOAT)],
        inputs,
        outputs,
      ),
  });
  return true;
}

/** The operations of our own on a backend, if they have been loaded into it. */
export function tensorflowKernelsOn(backend: object): TensorflowKernels | undefined {
  return kernelsOf.get(backend);
}
