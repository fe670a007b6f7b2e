import type { MeanAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { axesOf, sumOverAxes } from './sum-kernel';
import type { WasmKernel, WasmKernelCall } from './wasm-kernel';

/**
 * Means: losses above all. The kernel of tfjs 4.22 adds up in float32 one value after the other and is off by some
 * percent where there are millions of them.
 */
export const meanKernel: WasmKernel = { name: 'Mean', run: mean };

type MeanCall = WasmKernelCall<{ x: TensorInfo }, MeanAttrs>;

function mean(call: MeanCall): TensorInfo | undefined {
  const { kernels, address, inputs } = call;
  if (inputs.x.dtype === 'int32') return meanOfIntegers(call);
  const sums = sumOverAxes(call);
  if (sums === undefined) return undefined;
  const { out, terms } = sums;
  const values = kernels.floats(
    address(out),
    out.shape.reduce((a, b) => a * b, 1),
  );
  for (let i = 0; i < values.length; i++) values[i] /= terms;
  return out;
}

/** Whole numbers are added up in float64, where they are exact. */
function meanOfIntegers({ inputs: { x }, attributes, kernels, address, makeOutput }: MeanCall): TensorInfo {
  const axes = axesOf(x, attributes.axis);
  const kept = x.shape.map((length, i) => (axes.includes(i) ? 1 : length));
  const out = makeOutput(attributes.keepDims ? kept : kept.filter((_, i) => !axes.includes(i)));
  const size = kept.reduce((a, b) => a * b, 1);
  const sums = new Float64Array(size);
  const values = kernels.integers(
    address(x),
    x.shape.reduce((a, b) => a * b, 1),
  );
  // How far a step along each axis moves in the result.
  const steps = kept.map((length, i) => (length === 1 ? 0 : kept.slice(i + 1).reduce((a, b) => a * b, 1)));
  const place = new Int32Array(x.shape.length);
  let to = 0;
  for (const value of values) {
    sums[to] += value;
    for (let i = place.length - 1; i >= 0; i--) {
      to += steps[i];
      if (++place[i] < x.shape[i]) break;
      to -= steps[i] * x.shape[i];
      place[i] = 0;
    }
  }
  const terms = values.length / size;
  kernels.floats(address(out), size).set(sums.map((sum) => sum / terms));
  return out;
}
