import { clipKernel } from './clip-kernel';
import { convolutionKernels } from './convolution-kernels';
import { copyKernels } from './copy-kernels';
import { identityKernel } from './identity-kernel';
import { linearKernel } from './linear-kernel';
import { meanKernel } from './mean-kernel';
import { multiplyKernel } from './multiply-kernel';
import { segmentSumKernel } from './segment-sum-kernel';
import { sumKernel } from './sum-kernel';
import type { WasmKernel } from './wasm-kernel';
import { registerWasmKernel } from './wasm-kernel';

const kernels: readonly WasmKernel[] = [
  ...convolutionKernels,
  multiplyKernel,
  linearKernel,
  sumKernel,
  meanKernel,
  ...copyKernels,
  identityKernel,
  clipKernel,
  segmentSumKernel,
];

/** Registers our kernels where tfjs has none for its wasm backend, or slow ones. */
export function registerWasmKernels(): void {
  for (const kernel of kernels) registerWasmKernel(kernel);
}
