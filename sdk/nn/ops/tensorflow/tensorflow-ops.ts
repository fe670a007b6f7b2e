import { backend, getBackend } from '@tensorflow/tfjs-core';
import type { TensorflowKernels } from '../../backend/tensorflow-kernels/tensorflow-kernels';
import { tensorflowKernelsOn } from '../../backend/tensorflow-kernels/tensorflow-kernels';

/** The operations of our own on the current backend, or nothing when that is not native TensorFlow with them. */
export function tensorflowOps(): TensorflowKernels | undefined {
  return getBackend() === 'tensorflow' ? tensorflowKernelsOn(backend()) : undefined;
}
