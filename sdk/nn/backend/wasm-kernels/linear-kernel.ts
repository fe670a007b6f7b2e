import type { TensorInfo } from '@tensorflow/tfjs-core';
import { multiplyRows } from './multiply-rows';
import type { WasmKernel, WasmKernelCall } from './wasm-kernel';

/** A linear map of the last axis: x·kernel + bias + added. */
export const linearKernel: WasmKernel = { name: 'ConcordLinear', run: mapLinearly };

interface LinearInputs {
  /** `[…, in]` */
  readonly x: TensorInfo;
  /** `[in, out]` */
  readonly kernel: TensorInfo;
  /** `[out]` */
  readonly bias: TensorInfo;
  /** `[…, out]` */
  readonly added?: TensorInfo;
}

function mapLinearly({
  inputs: { x, kernel, bias, added },
  kernels,
  address,
  makeOutput,
}: WasmKernelCall<LinearInputs, undefined>): TensorInfo {
  const [depth, columns] = kernel.shape;
  const shape = [...x.shape.slice(0, -1), columns];
  const fits = x.shape[x.shape.length - 1] === depth && bias.shape.join() === String(columns);
  if (!fits || (added !== undefined && added.shape.join() !== shape.join())) {
    const found = [x, kernel, bias, added].map((one) => `[${one?.shape.join() ?? ''}]`);
    throw new Error(`a linear map of shapes that do not fit: ${found.join(', ')}`);
  }
  const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const out = makeOutput(shape);
  multiplyRows(kernels, {
    rows: address(x),
    count: rows,
    depth,
    filter: address(kernel),
    filterDepthStep: columns,
    filterColumnStep: 1,
    bias: address(bias),
    added: added === undefined ? 0 : address(added),
    out: address(out),
    columns,
  });
  return out;
}
