import assert from 'node:assert/strict';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '../../../../sdk/nn/backend/use-backend';
import { adaptiveGroupNorm } from '../../../../sdk/nn/ops/adaptive-group-norm';
import { silu } from '../../../../sdk/nn/ops/silu';
import { squaredNorm } from '../../../../sdk/nn/ops/squared-norm';
import { wasmOps } from '../../../../sdk/nn/ops/wasm/wasm-ops';
import { assertClose, valuesOf, wave } from '../waves';

describe('wasmOps', () => {
  it('are at hand on the wasm backend only', async () => {
    await useBackend('wasm');
    assert.notEqual(wasmOps(), undefined);
    await useBackend('cpu');
    assert.equal(wasmOps(), undefined);
  });

  // Together the images are enough work for several threads, each alone is not.
  it('give the same bits for images together and each alone', async () => {
    await useBackend('wasm');
    const batch = 9;
    const shape = [32, 32, 32];
    const run = (x: Tensor, scale: Tensor, shift: Tensor, w: Tensor): Tensor[] => {
      const apply = (a: Tensor, b: Tensor, c: Tensor): Tensor =>
        adaptiveGroupNorm(a as Tensor4D, { scale: b, shift: c }, { groups: 4, activation: 'silu' });
      const gradients = tf.grads((a, b, c) => tf.sum(tf.mul(apply(a, b, c), w)))([x, scale, shift]);
      return [apply(x, scale, shift), ...gradients];
    };
    const inputs = (): Tensor[] => [
      wave([batch, ...shape], { phase: 0.1 }),
      wave([batch, 32], { phase: 1, offset: 1 }),
      wave([batch, 32], { phase: 2 }),
      wave([batch, ...shape], { phase: 3 }),
    ];
    const together = await valuesOf(() => {
      const [x, scale, shift, w] = inputs();
      return run(x, scale, shift, w);
    });
    const alone = await valuesOf(() => {
      const [x, scale, shift, w] = inputs().map((all) => tf.split(all, batch));
      const found = x.map((one, n) => run(one, scale[n], shift[n], w[n]));
      return [0, 1, 2, 3].map((i) => tf.concat(found.map((outputs) => outputs[i])));
    });
    together.forEach((values, i) => assert.deepEqual(values, alone[i]));
  });

  it('agree with JavaScript on as many values as several threads share', async () => {
    await useBackend('wasm');
    const [x, y, norm] = await valuesOf(() => {
      const many = wave([1_000_003], { phase: 0.5, scale: 5 });
      return [many, silu(many), squaredNorm(many)];
    });
    assertClose(
      y,
      Array.from(x, (value) => value / (1 + Math.exp(-value))),
      1e-6,
    );
    assertClose(norm, [x.reduce((sum, value) => sum + value * value, 0)], 1e-6);
  });
});
