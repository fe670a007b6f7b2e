import type { TensorInfo, UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import type { WasmKernel, WasmKernelCall } from './wasm-kernel';

/** Sums of the rows that carry the same number: the gradient of `gather`. Rows with a negative number are left out. */
export const segmentSumKernel: WasmKernel = { name: 'UnsortedSegmentSum', run: segmentSum };

function segmentSum({
  inputs: { x, segmentIds },
  attributes: { numSegments },
  kernels,
  address,
  makeOutput,
}: WasmKernelCall<{ x: TensorInfo; segmentIds: TensorInfo }, UnsortedSegmentSumAttrs>):
  TensorInfo | undefined {
  const { dtype } = segmentIds;
  if (x.dtype !== 'float32' || dtype !== 'int32') return undefined;
  const [rows] = segmentIds.shape;
  const size = x.shape.slice(segmentIds.shape.length).reduce((product, length) => product * length, 1);
  const out = makeOutput([numSegments, ...x.shape.slice(1)]);
  const sums = kernels.floats(address(out), numSegments * size).fill(0);
  const values = kernels.floats(address(x), rows * size);
  kernels.integers(address(segmentIds), rows).forEach((segment, row) => {
    if (segment < 0 || segment >= numSegments) return;
    for (let i = 0; i < size; i++) sums[segment * size + i] += values[row * size + i];
  });
  return out;
}
