import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuRunner } from './webgpu-program';
import { flatProgram } from './webgpu-program';

/** What each computes of a number `a` that is one, in WGSL. */
const expressions: Readonly<Record<string, string>> = {
  Exp: 'exp(a)',
  // A card's own logarithm of 0 and of what is below 0 can be anything.
  Log: 'select(select(log(a), uniforms.NAN, a < 0.0), -uniforms.INFINITY, a == 0.0)',
  Sigmoid: '1.0 / (1.0 + exp(-a))',
  // max(a, 0) + log(1 + e^−|a|), which does not overflow; for a small e, log(1 + e) is e.
  Softplus: 'max(a, 0.0) + select(log(1.0 + exp(-abs(a))), exp(-abs(a)), abs(a) > 9.0)',
};

/** Kernels that compute value by value and return NaN for NaN. */
export const elementwiseKernels: readonly KernelConfig[] = Object.entries(expressions).map(
  ([kernelName, expression]) => ({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const program = flatProgram({
        name: `concord_${kernelName}`,
        inputs: ['A'],
        outputShape: x.shape,
        body: `
          let a = getAByOutputIndex(index);
          if (isnan(a)) { setOutputAtIndex(index, a); } else { setOutputAtIndex(index, ${expression}); }`,
      });
      return (backend as WebgpuRunner).runWebGPUProgram(program, [x], x.dtype);
    },
  }),
);
