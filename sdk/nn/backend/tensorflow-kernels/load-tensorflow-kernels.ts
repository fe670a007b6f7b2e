import { findBackend } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { kernelsDigest } from './kernels-source';
import { replaceTensorflowKernels } from './replaced-kernels';
import { useTensorflowKernels } from './tensorflow-kernels';

/**
 * The file of the operations of our own, which the setup compiles and puts beside the native binding. Its name has the
 * digest of their source: operations that another version of Concord compiled are not there for this one.
 */
export const tensorflowKernelsFile: string = `concord_kernels-${kernelsDigest}.node`;

/**
 * Loads the operations of our own into native TensorFlow, where the setup has compiled them; without them everything is
 * computed with TensorFlow's, more slowly. Calling it again does nothing.
 *
 * @param binding - the file of the native binding, whose backend has been registered with tfjs
 * @returns whether they are there and used
 */
export function loadTensorflowKernels(binding: string): boolean {
  const file = join(dirname(binding), tensorflowKernelsFile);
  const backend = findBackend('tensorflow');
  if (backend === null) return false;
  replaceTensorflowKernels();
  try {
    // Loading it registers the operations. It may not be there, or made for another TensorFlow.
    createRequire(binding)(file);
  } catch {
    return false;
  }
  return useTensorflowKernels(backend);
}
