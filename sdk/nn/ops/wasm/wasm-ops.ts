import type { Tensor } from '@tensorflow/tfjs-core';
import { backend as currentBackend, engine, getBackend } from '@tensorflow/tfjs-core';
import { shareOf } from '../../backend/wasm-kernels/share';
import type { TensorStore } from '../../backend/wasm-kernels/wasm-kernel';
import { kernelsOn } from '../../backend/wasm-kernels/wasm-kernel';
import type { Address, Division, KernelName } from '../../backend/wasm-module/kernels';

/** The kernels of our own on the current backend. */
export interface WasmOps {
  readonly threads: number;
  /** Where the values of a tensor are. */
  address(tensor: Tensor): Address;
  /** A new tensor, its values undefined. */
  makeTensor(shape: readonly number[]): Tensor;
  /** Runs `work` with memory that is freed afterwards. */
  withMemory(bytes: number, work: (address: Address) => void): void;
  /** Runs a kernel, on as many threads as its work is worth. */
  run(name: KernelName, args: readonly number[], work: WasmWork): void;
}

/** How much there is to do: units, and roughly how many operations each of them takes. */
export interface WasmWork extends Pick<Division, 'units' | 'scratchBytes'> {
  readonly operations: number;
}

/** How many values make a unit of work where each value is treated alike: BLOCK in the module's source. */
const valuesPerUnit = 4096;

/** The work of treating each of `count` values alike. */
export function workOnValues(count: number, operationsEach: number): WasmWork {
  return {
    units: Math.ceil(count / valuesPerUnit),
    operations: operationsEach * Math.min(count, valuesPerUnit),
  };
}

/** The kernels on the current backend, or nothing when that is not wasm as it was started by us. */
export function wasmOps(): WasmOps | undefined {
  if (getBackend() !== 'wasm') return undefined;
  const backend = currentBackend() as object as TensorStore;
  const kernels = kernelsOn(backend);
  if (kernels === undefined) return undefined;
  return {
    threads: kernels.threads,
    address: ({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset ?? 0,
    makeTensor: (shape) => engine().makeTensorFromTensorInfo(backend.makeOutput(shape, 'float32')),
    withMemory: (bytes, work) => kernels.withMemory(bytes, work),
    run: (name, args, { units, operations, scratchBytes }) => {
      const grain = shareOf(units, operations, kernels.threads);
      kernels.run(name, args, { units, grain, scratchBytes });
    },
  };
}
