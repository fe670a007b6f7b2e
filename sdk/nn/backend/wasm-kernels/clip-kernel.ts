import type { ClipByValueAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { shareOf } from './share';
import type { WasmKernel, WasmKernelCall } from './wasm-kernel';

/** Clips values to a range. That of tfjs turns NaN into the lower one, which would hide that training failed. */
export const clipKernel: WasmKernel = { name: 'ClipByValue', run: clip };

/** How many values make a unit of work: BLOCK in the module's source. */
const valuesPerUnit = 4096;

function clip({
  inputs: { x },
  attributes: { clipValueMin, clipValueMax },
  kernels,
  address,
  makeOutput,
}: WasmKernelCall<{ x: TensorInfo }, ClipByValueAttrs>): TensorInfo | undefined {
  if (x.dtype !== 'float32') return undefined;
  const out = makeOutput(x.shape);
  const count = x.shape.reduce((size, length) => size * length, 1);
  const units = Math.ceil(count / valuesPerUnit);
  const grain = shareOf(units, valuesPerUnit, kernels.threads);
  kernels.run('clip', [address(x), address(out), count, clipValueMin, clipValueMax], { units, grain });
  return out;
}
