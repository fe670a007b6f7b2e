import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { silu } from '../../../sdk/nn/ops/silu';
import { onEachBackend } from '../../support/backends';
import { assertClose, assertLeaksNothing, valuesOf, wave } from './waves';

// From PyTorch 2.13.0 (CPU, float64): torch.nn.functional.silu and its first two derivatives.
const x = [-20, -3, -1, -0.5, 0, 0.5, 1, 3, 20];
const values = [0, -0.1422776, -0.2689414, -0.1887703, 0, 0.3112297, 0.7310586, 2.8577224, 20];
const slopes = [0, -0.0881041, 0.0723295, 0.2600388, 0.5, 0.7399612, 0.9276705, 1.0881041, 1];
const curvatures = [0, -0.0323214, 0.3023661, 0.441229, 0.5, 0.441229, 0.3023661, -0.0323214, 0];

onEachBackend('silu', () => {
  it('gives the values and both derivatives of PyTorch', async () => {
    const [y, slope, curvature] = await valuesOf(() => {
      const input = tf.tensor1d(x);
      const derivative = tf.grad((one) => tf.sum(silu(one)));
      return [silu(input), derivative(input), tf.grad((one) => tf.sum(derivative(one)))(input)];
    });
    assertClose(y, values, 1e-6);
    assertClose(slope, slopes, 1e-6);
    assertClose(curvature, curvatures, 1e-6);
  });

  it('is exact to a few units in the last place wherever the logistic function counts', async () => {
    const grid = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 100);
    const [y] = await valuesOf(() => [silu(tf.tensor1d(grid))]);
    const worst = Math.max(
      ...grid.map((value, i) => {
        const exact = value / (1 + Math.exp(-value));
        return exact === 0 ? Math.abs(y[i]) : Math.abs(y[i] / exact - 1);
      }),
    );
    assert.ok(worst < 2e-6, `largest relative error ${worst}`);
  });

  it('goes to 0 and to x far out, and passes NaN on', async () => {
    const far = [-1000, 1000, NaN, -90, 90, 3e38, 0, 1];
    const [y, slope] = await valuesOf(() => {
      const input = tf.tensor1d(far);
      return [silu(input), tf.grad((one) => tf.sum(silu(one)))(input)];
    });
    assert.ok(Math.abs(y[0]) < 1e-30 && Math.abs(y[3]) < 1e-30);
    assert.deepEqual([y[1], y[4], y[5]], [1000, 90, Math.fround(3e38)]);
    assert.deepEqual([slope[1], slope[4], slope[5]], [1, 1, 1]);
    assert.ok(Number.isNaN(y[2]) && Number.isNaN(slope[2]));
  });

  it('takes any number of values and leaves no tensors behind', async () => {
    for (const size of [1, 2, 3, 5, 6, 7, 8]) {
      const [input, y] = await valuesOf(() => {
        const some = wave([size], { phase: 1 });
        return [some, silu(some)];
      });
      assertClose(
        y,
        Array.from(input, (value) => value / (1 + Math.exp(-value))),
        1e-6,
      );
    }
    const some = wave([5], { phase: 1 });
    assertLeaksNothing(() => [silu(some), tf.grad((one) => tf.sum(silu(one)))(some)]);
    some.dispose();
  });
});
