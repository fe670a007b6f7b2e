import type { KernelConfig } from '@tensorflow/tfjs-core';
import { registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { elementwiseKernels } from './elementwise-kernels';
import { reductionKernels } from './reduction-kernels';
import { softmaxKernel } from './softmax-kernel';

/**
 * Replaces the kernels of tfjs that turn NaN into a number, or lose digits in sums of many values. The language of
 * WebGPU lets a graphics card assume that there is no NaN, and on some cards exp, log, sigmoid, softplus and softmax
 * make an ordinary number of it: that a network diverges would go unnoticed.
 */
export function registerWebgpuKernels(): void {
  for (const kernel of [...kernels, ...reductionKernels()]) {
    unregisterKernel(kernel.kernelName, kernel.backendName);
    registerKernel(kernel);
  }
}

const kernels: readonly KernelConfig[] = [...elementwiseKernels, softmaxKernel];
