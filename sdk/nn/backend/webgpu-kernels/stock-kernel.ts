import type { KernelConfig, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { getKernel } from '@tensorflow/tfjs-core';

/** What is used of tfjs's webgpu backend besides its kernels. */
interface DataStore {
  disposeData(dataId: object): boolean;
}

const stock = new Map<string, KernelConfig>();

/** The kernel that tfjs registers for its webgpu backend; to be called once before it is replaced. */
export function stockKernel(name: string): KernelConfig {
  const known = stock.get(name) ?? getKernel(name, 'webgpu');
  stock.set(name, known);
  return known;
}

/** Runs a kernel of tfjs on one tensor. */
export function runStock(
  name: string,
  x: TensorInfo,
  { attrs, backend }: { attrs: NamedAttrMap; backend: unknown },
): TensorInfo {
  return stockKernel(name).kernelFunc({ inputs: { x }, attrs, backend: backend as object }) as TensorInfo;
}

/** Frees what a step has left behind. */
export function release(tensor: TensorInfo, backend: unknown): void {
  (backend as DataStore).disposeData(tensor.dataId);
}
