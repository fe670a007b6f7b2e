import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuProgram, WebgpuRunner } from './webgpu-program';

/** How many threads work on one row: a power of two. */
const threads = 64;

/**
 * Softmax over the last axis: e^(x − m) / Σ e^(x − m) with m the row's largest value; a row with a NaN becomes NaN. One
 * workgroup computes one row, its threads in strides, and joins their results pairwise.
 *
 * The kernel of tfjs also overwrites the end of its output when there are more than 65535 rows: the grid of workgroups
 * is rounded up then, and what is beyond the last row has to be left alone.
 */
export const softmaxKernel: KernelConfig = {
  kernelName: 'Softmax',
  backendName: 'webgpu',
  kernelFunc: ({ inputs, backend }) => {
    const logits = inputs['logits'] as TensorInfo;
    const columns = logits.shape[logits.shape.length - 1] ?? 1;
    const rows = columns === 0 ? 0 : logits.shape.reduce((product, size) => product * size, 1) / columns;
    const program = softmaxProgram(rows, columns);
    const table = { ...logits, shape: [rows, columns] };
    const result = (backend as WebgpuRunner).runWebGPUProgram(program, [table], 'float32');
    return { ...result, shape: logits.shape };
  },
};

function softmaxProgram(rows: number, columns: number): WebgpuProgram {
  return {
    shaderKey: 'concord_softmax',
    variableNames: ['logits'],
    outputShape: [rows, columns],
    workgroupSize: [threads, 1, 1],
    dispatchLayout: { x: [0, 1] },
    dispatch: [rows, 1, 1],
    getUserCode: () => shader,
  };
}

/** Joins what the threads have found, pairwise, with WGSL that joins `shared_values[lane]` and `[lane + half]`. */
const joined = (join: string): string => `
  workgroupBarrier();
  for (var half = ${threads / 2}; half > 0; half = half / 2) {
    if (lane < half) { shared_values[lane] = ${join}; }
    workgroupBarrier();
  }`;

const shader = `
  var<workgroup> shared_values : array<f32, ${threads}>;

  fn larger(a : f32, b : f32) -> f32 {
    if (isnan(a)) { return a; }
    if (isnan(b)) { return b; }
    return max(a, b);
  }

  fn power(a : f32) -> f32 {
    if (isnan(a)) { return a; }
    return exp(a);
  }

  fn main(index : i32) {
    let row = index / ${threads};
    let lane = i32(localId.x);
    let columns = uniforms.outShape[1];

    var largest = -3.4028234e38f;
    for (var column = lane; column < columns; column += ${threads}) {
      largest = larger(largest, getLogits(row, column));
    }
    shared_values[lane] = largest;
    ${joined('larger(shared_values[lane], shared_values[lane + half])')}
    largest = shared_values[0];
    workgroupBarrier();

    var total = 0.0;
    for (var column = lane; column < columns; column += ${threads}) {
      total += power(getLogits(row, column) - largest);
    }
    shared_values[lane] = total;
    ${joined('shared_values[lane] + shared_values[lane + half]')}
    total = shared_values[0];

    if (row < uniforms.outShape[0]) {
      for (var column = lane; column < columns; column += ${threads}) {
        setOutputAtCoords(row, column, power(getLogits(row, column) - largest) / total);
      }
    }
  }`;
