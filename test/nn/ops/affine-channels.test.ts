import assert from 'node:assert/strict';
import type { Rank, Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { scaleAndShift } from '../../../sdk/nn/ops/affine-channels';
import { channelSums } from '../../../sdk/nn/ops/channel-sums';
import { onEachBackend } from '../../support/backends';
import { assertClose, assertLeaksNothing, valuesOf, wave } from './waves';

/** The same with tfjs's own operations and gradients. */
function plain(x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const beside = (values: Tensor): Tensor =>
    values.rank === 1 ? values : tf.reshape(values, [values.shape[0], 1, 1, values.size / values.shape[0]]);
  return tf.add(tf.mul(x, beside(scale)), beside(shift));
}

onEachBackend('scaleAndShift', () => {
  for (const shape of [[5], [2, 5]]) {
    it(`agrees with broadcasting in values and both orders of gradients, ${shape.length === 1 ? 'shared' : 'per image'}`, async () => {
      const inputs = (): Tensor[] => [
        wave([2, 3, 4, 5], { phase: 0.1 }),
        wave(shape, { phase: 1, offset: 1 }),
        wave(shape, { phase: 2 }),
      ];
      const all = (apply: typeof plain): Promise<Float32Array[]> =>
        valuesOf(() => {
          const loss = (...three: Tensor[]): Scalar => tf.sum(tf.sin(apply(three[0], three[1], three[2])));
          const penalty = (...three: Tensor[]): Scalar => {
            const [byX, byScale, byShift] = tf
              .grads(loss)(three)
              .map((one) => tf.sum(tf.square(one)));
            return tf.addN([byX, byScale, byShift]) as Scalar;
          };
          const [x, scale, shift] = inputs();
          return [apply(x, scale, shift), ...tf.grads(loss)(inputs()), ...tf.grads(penalty)(inputs())];
        });
      const found = await all((x, scale, shift) => scaleAndShift(x as Tensor4D, scale, shift));
      const expected = await all(plain);
      assert.equal(found.length, 7);
      found.forEach((values, i) => assertClose(values, expected[i], 2e-5));
    });
  }

  it('works without a shift, leaves no tensors behind, and refuses values that do not fit', () => {
    const x = wave<Rank.R4>([2, 3, 4, 5], { phase: 0 });
    const scale = wave([5], { phase: 1 });
    assertLeaksNothing(() => [
      scaleAndShift(x, scale),
      scaleAndShift(x, scale, scale),
      ...tf.grads((a, b) => tf.sum(scaleAndShift(a as Tensor4D, b, b)))([x, scale]),
    ]);
    assert.throws(() => scaleAndShift(x, x), { code: 'invalid-option' });
    tf.dispose([x, scale]);
  });
});

onEachBackend('channelSums', () => {
  it('sums over all but the last axis', async () => {
    const [x, sums] = await valuesOf(() => {
      const images = wave([3, 4, 5, 6], { phase: 0.5 });
      return [images, channelSums(images)];
    });
    const expected = new Float64Array(6);
    x.forEach((value, i) => (expected[i % 6] += value));
    assertClose(sums, expected, 1e-5);
  });
});
