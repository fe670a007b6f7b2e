import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { adamUpdate } from '../../../sdk/nn/ops/adam-update';
import { blend } from '../../../sdk/nn/ops/blend';
import { squaredNorm } from '../../../sdk/nn/ops/squared-norm';
import { onEachBackend } from '../../support/backends';
import { assertClose, assertLeaksNothing, valuesOf, wave } from './waves';

const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 };

onEachBackend('adamUpdate', () => {
  it('makes the steps of AdamW in PyTorch', async () => {
    const [p, m, v] = await valuesOf(() => {
      let state: [Tensor, Tensor, Tensor] = [wave([6], { phase: 0.2 }), tf.zeros([6]), tf.zeros([6])];
      for (const step of [1, 2, 3]) {
        const gradient = wave([6], { phase: step - 0.1, scale: 0.5 });
        state = adamUpdate(state[0], gradient, state[1], state[2], { ...options, step });
      }
      return state;
    });
    // PyTorch 2.13.0 (CPU, float64): torch.optim.AdamW with these options.
    assertClose(p, [0.1692761, 0.7572224, 0.9840108, 0.7474655, 0.1699131, -0.5013542], 1e-6);
    assertClose(m, [0.0862707, 0.0415543, -0.0227058, -0.076287, -0.0939892, -0.0674868], 1e-6);
    assertClose(v, [0.0038629, 0.0035954, 0.0035225, 0.0037652, 0.0039206, 0.0037308], 1e-6);
  });

  it('treats each value alike, however many there are, and leaves no tensors behind', async () => {
    const run = (size: number): Promise<Float32Array[]> =>
      valuesOf(() => {
        const at = (phase: number): Tensor => wave([size], { phase });
        return adamUpdate(at(0), at(1), at(2), tf.square(at(3)), { ...options, step: 5 });
      });
    const long = await run(8);
    for (const size of [1, 3, 5, 6, 7]) {
      const short = await run(size);
      short.forEach((values, i) => assertClose(values, long[i].slice(0, size), 1e-6));
    }
    const x = wave([5], { phase: 0 });
    assertLeaksNothing(() => adamUpdate(x, x, x, x, { ...options, step: 1 }));
    assertLeaksNothing(() => [blend(x, x, 0.5), squaredNorm(x)]);
    x.dispose();
  });
});

onEachBackend('blend and squaredNorm', () => {
  it('go part of the way, and sum squares', async () => {
    for (const size of [1, 3, 4, 7, 1001]) {
      const [a, b, blended, norm] = await valuesOf(() => {
        const from = wave([size], { phase: 0 });
        const to = wave([size], { phase: 1, scale: 3 });
        return [from, to, blend(from, to, 0.25), squaredNorm(to)];
      });
      assertClose(
        blended,
        Array.from(a, (value, i) => value + 0.25 * (b[i] - value)),
        1e-6,
      );
      assertClose(norm, [b.reduce((sum, value) => sum + value ** 2, 0)], 1e-5);
    }
  });
});
