import type { ConcatAttrs, PadV2Attrs, SliceAttrs, SplitVAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util, slice_util } from '@tensorflow/tfjs-core';
import { copyBox } from './copy-box';
import type { WasmKernel, WasmKernelCall } from './wasm-kernel';

/** Kernels that only move values. Those of tfjs go through JavaScript, some of them with copies of whole tensors. */
export const copyKernels: readonly WasmKernel[] = [
  { name: 'Concat', run: concat },
  { name: 'SplitV', run: splitV },
  { name: 'Slice', run: slice },
  { name: 'PadV2', run: pad },
];

function concat({
  inputs,
  attributes,
  kernels,
  address,
  makeOutput,
}: WasmKernelCall<TensorInfo[], ConcatAttrs>): TensorInfo | undefined {
  const parts = Object.values(inputs);
  if (!parts.every(({ dtype }) => dtype === 'float32')) return undefined;
  const axis = atAxis(attributes.axis, parts[0].shape);
  const shapes = parts.map(({ shape }) => [...shape]);
  backend_util.assertParamsConsistent(shapes, axis);
  const out = makeOutput(backend_util.computeOutShape(shapes, axis));
  let begin = 0;
  for (const part of parts) {
    const source = { address: address(part), shape: part.shape };
    copyBox(kernels, part.shape, source, {
      address: address(out),
      shape: out.shape,
      begin: only(axis, begin),
    });
    begin += part.shape[axis];
  }
  return out;
}

function splitV({
  inputs: { x },
  attributes,
  ...call
}: WasmKernelCall<{ x: TensorInfo }, SplitVAttrs>): TensorInfo[] | undefined {
  if (x.dtype !== 'float32') return undefined;
  const axis = atAxis(attributes.axis, x.shape);
  let begin = 0;
  return backend_util.prepareSplitSize(x as never, attributes.numOrSizeSplits, axis).map((length) => {
    const size = x.shape.map((whole, i) => (i === axis ? length : whole));
    const part = takeOut(call, x, { begin: only(axis, begin), size });
    begin += length;
    return part;
  });
}

function slice({
  inputs: { x },
  attributes,
  ...call
}: WasmKernelCall<{ x: TensorInfo }, SliceAttrs>): TensorInfo | undefined {
  if (x.dtype !== 'float32') return undefined;
  const [begin, size] = slice_util.parseSliceParams(x, attributes.begin, attributes.size);
  return takeOut(call, x, { begin, size });
}

function pad({
  inputs: { x },
  attributes: { paddings, constantValue },
  kernels,
  address,
  makeOutput,
}: WasmKernelCall<{ x: TensorInfo }, PadV2Attrs>): TensorInfo | undefined {
  if (x.dtype !== 'float32') return undefined;
  const out = makeOutput(x.shape.map((length, i) => paddings[i][0] + length + paddings[i][1]));
  const target = { address: address(out), shape: out.shape, begin: paddings.map(([before]) => before) };
  kernels.floats(target.address, elementsOf(out.shape)).fill(constantValue);
  copyBox(kernels, x.shape, { address: address(x), shape: x.shape }, target);
  return out;
}

function takeOut(
  { kernels, address, makeOutput }: Pick<WasmKernelCall<never, never>, 'kernels' | 'address' | 'makeOutput'>,
  x: TensorInfo,
  { begin, size }: { readonly begin: readonly number[]; readonly size: readonly number[] },
): TensorInfo {
  const out = makeOutput(size);
  const source = { address: address(x), shape: x.shape, begin };
  copyBox(kernels, size, source, { address: address(out), shape: size });
  return out;
}

function atAxis(axis: number, shape: readonly number[]): number {
  return axis < 0 ? axis + shape.length : axis;
}

/** Where a part begins that is moved along one axis. */
function only(axis: number, begin: number): number[] {
  return [...new Array<number>(axis).fill(0), begin];
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
