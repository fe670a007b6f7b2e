import type { KernelConfig } from '@tensorflow/tfjs-core';
import { registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { elementwiseKernels } from './elementwise-kernels';
import { reductionKernels } from './reduction-kernels';
import { softmaxKernel } from './softmax-kernel';

/**
 * Puts kernels of our own in the place of those of tfjs that lose values that are not numbers. The language of WebGPU
 * lets a graphics card take it that there are none, and so exp, log, sigmoid, softplus and softmax make ordinary numbers
 * of them on some: a network that diverges would not be seen to. And of those that lose digits in sums of many values.
 */
export function registerWebgpuKernels(): void {
  for (const kernel of [...kernels, ...reductionKernels()]) {
    unregisterKernel(kernel.kernelName, kernel.backendName);
    registerKernel(kernel);
  }
}

const kernels: readonly KernelConfig[] = [...elementwiseKernels, softmaxKernel];
