import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { NormSettings } from '../group-norm-formula';
import type { Steering } from '../steering';
import { normAt } from './wasm-norm';

/**
 * Normalizes, scales and shifts as it is steered, and activates, with wasm kernels, or does nothing where they cannot. No
 * gradient is taken of it.
 */
export function wasmSteeredNorm(
  x: Tensor4D,
  { learned, maps }: Steering,
  settings: NormSettings,
): Tensor | undefined {
  const [batch, , , channels] = x.shape;
  const perImage = (tensor: Tensor | undefined): boolean => tensor === undefined || tensor.rank === 1;
  if (maps.length === 0 || maps.some(({ bias }) => bias === undefined)) return undefined;
  if (!perImage(learned?.scale) || !perImage(learned?.shift)) return undefined;
  return normAt(x, settings, (ops, affine) => {
    const [newScale, newShift] = [affine, affine + 4 * batch * channels];
    let [scale, shift] = [learned?.scale, learned?.shift].map((one) =>
      one === undefined ? 0 : ops.address(one),
    );
    let step = 0;
    for (const { values, kernel, bias } of maps) {
      const [size, columns] = kernel.shape;
      ops.run(
        'steer',
        [
          ops.address(values),
          size,
          ops.address(kernel),
          ops.address(bias as Tensor),
          columns,
          ...[scale, step, shift, step],
          ...[newScale, newShift, channels],
        ],
        { units: batch, operations: 2 * size * columns },
      );
      [scale, shift, step] = [newScale, newShift, channels];
    }
    return { scale, shift, step };
  });
}
