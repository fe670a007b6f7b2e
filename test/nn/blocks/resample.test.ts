import assert from 'node:assert/strict';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { grad, memory, mul, ones, square, sum, tensor3d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { downsample, resampleFeatures, upsample } from '../../../sdk/nn/blocks/resample';
import { onEachBackend } from '../../support/backends';

async function valuesOf(compute: () => Tensor): Promise<{ shape: number[]; data: number[] }> {
  const y = tidy(compute);
  const values = { shape: y.shape, data: Array.from(await y.data()) };
  y.dispose();
  return values;
}

onEachBackend('resample', () => {
  const images = (): Tensor4D => tensor4d([1, 10, 2, 20, 3, 30, 4, 40], [1, 2, 2, 2]);

  it('repeats each value along height and width', async () => {
    const { shape, data } = await valuesOf(() => upsample(images()));
    assert.deepEqual(shape, [1, 4, 4, 2]);
    const row = (a: number, b: number): number[] => [a, b].flatMap((v) => [v, 10 * v, v, 10 * v]);
    assert.deepEqual(data, [...row(1, 2), ...row(1, 2), ...row(3, 4), ...row(3, 4)]);
  });

  it('averages neighbors', async () => {
    assert.deepEqual(await valuesOf(() => downsample(images())), { shape: [1, 1, 1, 2], data: [2.5, 25] });
  });

  it('works along sequences', async () => {
    const sequence = (): Tensor3D => tensor3d([1, 10, 2, 20, 5, 50, 6, 60], [1, 4, 2]);
    const up = await valuesOf(() => upsample(sequence()));
    assert.deepEqual(up.data, [1, 10, 1, 10, 2, 20, 2, 20, 5, 50, 5, 50, 6, 60, 6, 60]);
    assert.deepEqual(up.shape, [1, 8, 2]);
    const down = await valuesOf(() => downsample(sequence()));
    assert.deepEqual(down, { shape: [1, 2, 2], data: [1.5, 15, 5.5, 55] });
  });

  it('has the gradients of its formula, also the second', async () => {
    // Each value is repeated four times, so the sum of squares changes by 8x, and that by 8 per unit.
    const first = (x: Tensor): Tensor => grad((v) => sum(square(upsample(v as Tensor4D))))(x);
    const up = await valuesOf(() => first(images()));
    assert.deepEqual(up.data, [8, 80, 16, 160, 24, 240, 32, 320]);
    const second = await valuesOf(() => grad((v) => sum(mul(first(v), 0.5)))(images()));
    assert.deepEqual(second.data, Array<number>(8).fill(4));
    // The square of a mean of four changes by mean / 2.
    const down = await valuesOf(() => grad((v) => sum(square(downsample(v as Tensor4D))))(images()));
    assert.deepEqual(
      down.data,
      [1, 2, 3, 4].flatMap(() => [1.25, 12.5]),
    );
  });

  it('passes on what is not to change, and leaves nothing behind', () => {
    const x = images();
    assert.equal(resampleFeatures(x, 'none'), x);
    const before = memory().numTensors;
    const made = [resampleFeatures(x, 'up'), resampleFeatures(x, 'down')];
    assert.equal(memory().numTensors, before + 2);
    for (const tensor of [...made, x]) tensor.dispose();
  });

  it('cannot halve odd sizes', () => {
    tidy(() => {
      assert.throws(() => downsample(ones<Tensor4D['rankType']>([1, 4, 3, 1])), {
        code: 'invalid-option',
        message: 'downsample: input is 4 × 3, even sizes are needed to halve it',
      });
      assert.throws(() => upsample(ones<Tensor4D['rankType']>([4, 3] as never)), {
        message:
          'upsample: input has shape [4, 3], expected sequences [N, length, channels] or images [N, height, width, channels]',
      });
    });
  });
});
