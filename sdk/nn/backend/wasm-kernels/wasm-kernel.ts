import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { Address, Kernels } from '../wasm-module/kernels';

/** What is used of tfjs's wasm backend: where it keeps tensors, and that it makes new ones. */
export interface TensorStore {
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: Address | null } };
  incRef(dataId: object): void;
  makeOutput(shape: readonly number[], dtype: 'float32'): TensorInfo;
}

/** What a kernel works with. */
export interface WasmKernelCall<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attributes: Attributes;
  readonly kernels: Kernels;
  /** Where the values of a tensor are. */
  readonly address: (tensor: TensorInfo) => Address;
  /** A new tensor of float32, its values undefined. */
  readonly makeOutput: (shape: readonly number[]) => TensorInfo;
  /** Another tensor with the same values in the same place. */
  readonly share: (tensor: TensorInfo) => TensorInfo;
}

/** A kernel of our own; where it returns nothing, the one of tfjs is run. */
export interface WasmKernel {
  readonly name: string;
  readonly run: (call: WasmKernelCall<never, never>) => TensorInfo | TensorInfo[] | undefined;
}

const kernelsOf = new WeakMap<object, Kernels>();
const stockKernels = new Map<string, KernelConfig | undefined>();

/** Says which kernels work on the memory of a backend. */
export function useKernels(backend: TensorStore, kernels: Kernels): void {
  kernelsOf.set(backend, kernels);
}

/** The kernels that work on the memory of a backend, if any do. */
export function kernelsOn(backend: object): Kernels | undefined {
  return kernelsOf.get(backend);
}

/** Puts a kernel of our own in front of the one that tfjs registers for its wasm backend, if it has one. */
export function registerWasmKernel({ name, run }: WasmKernel): void {
  if (!stockKernels.has(name)) stockKernels.set(name, getKernel(name, 'wasm'));
  const stock = stockKernels.get(name);
  if (getKernel(name, 'wasm') !== undefined) unregisterKernel(name, 'wasm');
  registerKernel({
    // Its preparations, which tfjs makes when the backend is first used, are those of the stock kernel.
    ...stock,
    kernelName: name,
    backendName: 'wasm',
    kernelFunc: (parameters) => {
      const backend = parameters.backend as TensorStore;
      const kernels = kernelsOf.get(backend);
      const own = kernels === undefined ? undefined : run(callOf(parameters, backend, kernels));
      const result = own ?? stock?.kernelFunc(parameters);
      if (result !== undefined) return result;
      throw new Error(`the wasm backend has no kernel ${name} for this input`);
    },
  });
}

function callOf(
  { inputs, attrs }: { readonly inputs: object; readonly attrs?: object },
  backend: TensorStore,
  kernels: Kernels,
): WasmKernelCall<never, never> {
  return {
    inputs: inputs as never,
    attributes: attrs as never,
    kernels,
    // tfjs notes what its own code allocates above 2 GiB as negative numbers.
    address: ({ dataId }) => (backend.dataIdMap.get(dataId).memoryOffset ?? 0) >>> 0,
    makeOutput: (shape) => backend.makeOutput(shape, 'float32'),
    share: ({ dataId, shape, dtype }) => {
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
  };
}
