import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { emaStep, warmUpDecay } from '../../../sdk/nn/optimize/ema';
import { onEachBackend } from '../../support/backends';

onEachBackend('the running average of parameters', () => {
  it('is the closed form: decayⁿ·first + (1 − decay)·Σ decayⁿ⁻ᵏ·parameterₖ', async () => {
    const decay = 0.9;
    let average = [tf.tensor([4, -1])];
    const params = Array.from({ length: 20 }, (_, k) => [Math.sin(k), Math.cos(2 * k)]);
    for (const values of params) {
      const next = tf.tidy(() => emaStep(average, [tf.tensor(values)], decay));
      tf.dispose(average);
      average = next;
    }
    const expected = [4, -1].map((first, at) =>
      params.reduce(
        (sum, values, k) => sum + (1 - decay) * decay ** (19 - k) * values[at],
        decay ** 20 * first,
      ),
    );
    (await average[0].data()).forEach((value, at) => assert.ok(Math.abs(value - expected[at]) < 1e-6));
    tf.dispose(average);
  });

  it('stays exactly where it has arrived, and disposes nothing', async () => {
    const params = [tf.tensor([0.1, 1 / 3, -7e5]), tf.scalar(1e-20)];
    const before = tf.memory().numTensors;
    const average = emaStep(params, params, 0.9999);
    assert.equal(tf.memory().numTensors, before + 2);
    assert.deepEqual([...(await average[0].data())], [...(await params[0].data())]);
    tf.dispose(average);
    assert.throws(() => emaStep(params, params, 1.1), { code: 'invalid-option', message: /decay: 1\.1/ });
    assert.throws(() => emaStep([], params, 0.5), { code: 'invalid-option', message: /0 for 2 parameters/ });
    tf.dispose(params);
  });
});

describe('the decay while averages warm up', () => {
  it('rises from a tenth to the decay asked for', () => {
    assert.equal(warmUpDecay(0.999, 0), 0.1);
    assert.equal(warmUpDecay(0.999, 90), 0.91);
    assert.equal(warmUpDecay(0.999, 1e6), 0.999);
  });
});
