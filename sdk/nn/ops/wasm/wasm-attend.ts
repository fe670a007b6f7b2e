import type { Tensor } from '@tensorflow/tfjs-core';
import { wasmOps } from './wasm-ops';

/** How many positions make a unit of work: ROWS in the module's source. */
const positionsPerUnit = 64;
/** What the kernel computes side by side. */
const together = 8;

/** Attention with the wasm kernel, or nothing where that cannot. No gradient is taken of it. */
export function wasmAttend(queriesKeysValues: Tensor, heads: number): Tensor | undefined {
  const { shape, size } = queriesKeysValues;
  const channels = shape[shape.length - 1] / 3;
  const batch = shape[0];
  const positions = size / batch / (3 * channels);
  const ops = wasmOps();
  if (ops === undefined || positions % together !== 0 || channels % (together * heads) !== 0)
    return undefined;
  const out = ops.makeTensor([...shape.slice(0, -1), channels]);
  const each = channels / heads;
  ops.run(
    'attend',
    [ops.address(queriesKeysValues), ops.address(out), positions, channels, heads, 1 / Math.sqrt(each)],
    {
      units: batch * heads * Math.ceil(positions / positionsPerUnit),
      operations: 4 * Math.min(positions, positionsPerUnit) * positions * each,
      scratchBytes: 4 * (2 * each + 4) * positions + 48,
    },
  );
  return out;
}
