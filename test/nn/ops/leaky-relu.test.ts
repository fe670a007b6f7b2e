import * as tf from '@tensorflow/tfjs-core';
import { leakyRelu } from '../../../sdk/nn/ops/leaky-relu';
import { onEachBackend } from '../../support/backends';
import { assertClose, assertLeaksNothing, valuesOf, wave } from './waves';

onEachBackend('leakyRelu', () => {
  it('keeps what is above 0 and shrinks what is below', async () => {
    const [y, slope, byDefault] = await valuesOf(() => {
      const x = tf.tensor1d([-100, -1, 0, 0.5, 100]);
      return [leakyRelu(x, 0.1), tf.grad((one) => tf.sum(leakyRelu(one, 0.1)))(x), leakyRelu(x)];
    });
    assertClose(y, [-10, -0.1, 0, 0.5, 100], 1e-6);
    assertClose(slope, [0.1, 0.1, 0.1, 1, 1], 1e-6);
    assertClose(byDefault, [-20, -0.2, 0, 0.5, 100], 1e-6);
  });

  it('can be differentiated twice', async () => {
    // f = leaky(x)³, so f″ = 6·leaky(x)·leaky′(x)².
    const [second] = await valuesOf(() => {
      const first = tf.grad((x) => tf.sum(tf.pow(leakyRelu(x, 0.5), tf.scalar(3, 'int32'))));
      return [tf.grad((x) => tf.sum(first(x)))(tf.tensor1d([-2, -1, 1, 3]))];
    });
    assertClose(second, [-1.5, -0.75, 6, 18], 1e-5);
  });

  it('leaves no tensors behind', () => {
    const x = wave([5], { phase: 1 });
    assertLeaksNothing(() => [leakyRelu(x), tf.grad((one) => tf.sum(leakyRelu(one)))(x)]);
    x.dispose();
  });
});
