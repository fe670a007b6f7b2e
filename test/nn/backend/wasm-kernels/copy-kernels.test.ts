import type { Tensor } from '@tensorflow/tfjs-core';
import {
  clone,
  concat,
  gather,
  grads,
  pad,
  slice,
  split,
  stack,
  tensor,
  unstack,
} from '@tensorflow/tfjs-core';
import { assertAlike, someValues } from './on-both';

const shape = [3, 4, 5, 9];
const some = (): Tensor => tensor(someValues(shape), shape);

describe('kernels that move values on wasm', () => {
  it('concat and its gradient, along every axis', async () => {
    for (let axis = -1; axis < 4; axis++) {
      const longer = shape.map((length, i) => (i === (axis + 4) % 4 ? length + 2 : length));
      await assertAlike(() => {
        const parts = [some(), tensor(someValues(longer, 2), longer), some()];
        const join = (...all: Tensor[]): Tensor => concat(all, axis);
        const y = join(...parts);
        return [y, ...grads(join)(parts, tensor(someValues(y.shape, 3), y.shape))];
      });
    }
  });

  it('split, into equal parts and others', async () => {
    await assertAlike(() => [
      ...split(some(), 3, 3),
      ...split(some(), [1, 3], 1),
      ...split(some(), [2, 1], 0),
    ]);
  });

  it('slice and its gradient', async () => {
    for (const [begin, size] of [
      [
        [0, 0, 0, 0],
        [3, 4, 5, 9],
      ],
      [
        [1, 0, 0, 0],
        [2, -1, -1, -1],
      ],
      [
        [0, 1, 2, 3],
        [3, 2, 3, 5],
      ],
      [
        [2, 3, 4, 8],
        [1, 1, 1, 1],
      ],
      [
        [0, 0, 0, 4],
        [3, 4, 5, 1],
      ],
    ]) {
      await assertAlike(() => {
        const take = (x: Tensor): Tensor => slice(x, begin, size);
        const y = take(some());
        return [y, ...grads(take)([some()], tensor(someValues(y.shape, 3), y.shape))];
      });
    }
  });

  it('slice of more axes than a kernel takes at a time', async () => {
    const many = [3, 3, 3, 3, 3, 3];
    await assertAlike(() => [slice(tensor(someValues(many), many), [0, 1, 0, 1, 0, 1], [2, 2, 2, 2, 2, 2])]);
  });

  it('pad and its gradient, with zeros and another value', async () => {
    const around: [number, number][] = [
      [0, 0],
      [1, 2],
      [3, 0],
      [0, 1],
    ];
    await assertAlike(() => {
      const widen = (x: Tensor): Tensor => pad(x, around, 0.5);
      const y = widen(some());
      return [y, ...grads(widen)([some()], tensor(someValues(y.shape, 3), y.shape))];
    });
    await assertAlike(() => [pad(tensor(someValues([4]), [4]), [[2, 3]])]);
  });

  it('stack, unstack and clone', async () => {
    await assertAlike(() => [stack([some(), some()], 1), ...unstack(some(), 2), clone(some())]);
  });

  it('whole numbers, which are left to tfjs', async () => {
    const whole = (): Tensor => tensor([1, 2, 3, 4, 5, 6], [2, 3], 'int32');
    await assertAlike(() => [
      concat([whole(), whole()], 1),
      slice(whole(), [0, 1], [2, 2]),
      pad(whole(), [
        [1, 0],
        [0, 1],
      ]),
    ]);
  });

  it('nothing', async () => {
    await assertAlike(() => [
      concat([tensor([], [2, 0]), tensor([1, 2], [2, 1])], 1),
      slice(some(), [0, 0, 0, 0], [0, 4, 5, 9]),
    ]);
  });

  it('gather has a gradient', async () => {
    await assertAlike(() => {
      const take = (x: Tensor): Tensor => gather(x, tensor([2, 0, 2], [3], 'int32'), 0);
      return grads(take)([some()], tensor(someValues(shape, 3), shape));
    });
  });
});
