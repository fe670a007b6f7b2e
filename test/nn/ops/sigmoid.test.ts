import * as tf from '@tensorflow/tfjs-core';
import { sigmoid } from '../../../sdk/nn/ops/sigmoid';
import { onEachBackend } from '../../support/backends';
import { assertClose, valuesOf } from './waves';

onEachBackend('sigmoid', () => {
  it('has the right first three derivatives', async () => {
    const grid = [-3, -0.5, 0, 1, 2.5];
    const found = await valuesOf(() => {
      const x = tf.tensor1d(grid);
      const first = tf.grad((one) => tf.sum(sigmoid(one)));
      const second = tf.grad((one) => tf.sum(first(one)));
      const third = tf.grad((one) => tf.sum(second(one)));
      return [sigmoid(x), first(x), second(x), third(x)];
    });
    const s = grid.map((value) => 1 / (1 + Math.exp(-value)));
    const slopes = s.map((y) => y * (1 - y));
    assertClose(found[0], s, 1e-6);
    assertClose(found[1], slopes, 1e-6);
    assertClose(
      found[2],
      s.map((y, i) => slopes[i] * (1 - 2 * y)),
      1e-6,
    );
    assertClose(
      found[3],
      s.map((y, i) => slopes[i] * (1 - 6 * y + 6 * y * y)),
      1e-6,
    );
  });
});
