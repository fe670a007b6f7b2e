import type { Tensor } from '@tensorflow/tfjs-core';
import { grads, matMul, tensor } from '@tensorflow/tfjs-core';
import { assertAlike, someValues } from './on-both';

function product(
  a: readonly number[],
  b: readonly number[],
  transposed: readonly [boolean, boolean],
): Tensor[] {
  const inputs = [tensor(someValues(a), [...a]), tensor(someValues(b, 2), [...b])];
  const multiply = (x: Tensor, y: Tensor): Tensor => matMul(x, y, ...transposed);
  const y = multiply(inputs[0], inputs[1]);
  return [y, ...grads(multiply)(inputs, tensor(someValues(y.shape, 3), y.shape))];
}

describe('products of matrices on wasm', () => {
  for (const transposed of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    const title = `${transposed[0] ? 'aᵀ' : 'a'}·${transposed[1] ? 'bᵀ' : 'b'}`;
    const order = (flip: boolean, rows: number, columns: number): number[] =>
      flip ? [columns, rows] : [rows, columns];

    it(`${title}, with gradients`, async () => {
      for (const [rows, depth, columns] of [
        [1, 1, 1],
        [4, 8, 8],
        [5, 7, 3],
        [1, 300, 9],
        [130, 20, 33],
        [3, 1, 17],
      ]) {
        const a = order(transposed[0], rows, depth);
        const b = order(transposed[1], depth, columns);
        await assertAlike(() => product(a, b, transposed));
      }
    });

    it(`${title}, many at a time and one with all`, async () => {
      const a = order(transposed[0], 6, 10);
      const b = order(transposed[1], 10, 13);
      await assertAlike(() => product([3, ...a], [3, ...b], transposed));
      await assertAlike(() => product([2, 3, ...a], [2, 3, ...b], transposed));
      await assertAlike(() => [
        matMul(
          tensor(someValues([5, ...a]), [5, ...a]),
          tensor(someValues([1, ...b]), [1, ...b]),
          ...transposed,
        ),
      ]);
      await assertAlike(() => [
        matMul(
          tensor(someValues([1, ...a]), [1, ...a]),
          tensor(someValues([5, ...b]), [5, ...b]),
          ...transposed,
        ),
      ]);
      await assertAlike(() => [
        matMul(
          tensor(someValues([2, 1, ...a]), [2, 1, ...a]),
          tensor(someValues([1, 3, ...b]), [1, 3, ...b]),
          ...transposed,
        ),
      ]);
    });
  }
});
