import assert from 'node:assert/strict';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { mul, ones, tensor, tidy } from '@tensorflow/tfjs-core';
import { makeRandom } from '../../../sdk/math/random';
import { attention, initAttention } from '../../../sdk/nn/blocks/attention';
import { initialize } from '../../../sdk/nn/blocks/initialize';
import { toTensors } from '../../../sdk/nn/parameters';
import { onEachBackend } from '../../support/backends';

onEachBackend('attention', () => {
  const options = { heads: 2, groups: 2 };

  function draw(): Tensor4D {
    const { data, shape } = initialize(makeRandom(2), [2, 4, 4, 8], { name: 'normal', deviation: 1 });
    return tensor(data, shape as [number, number, number, number]);
  }

  it('starts as the identity', async () => {
    const [x, y] = tidy(() => {
      const images = draw();
      const weights = toTensors(initAttention(makeRandom(1), { channels: 8 }));
      return [images, attention(weights, images, options)];
    });
    assert.deepEqual(await y.data(), await x.data());
    for (const made of [x, y]) made.dispose();
  });

  it('stays finite where the powers alone would not', async () => {
    const y = tidy(() => {
      const weights = toTensors(initAttention(makeRandom(1), { channels: 8 }));
      const loud = { ...weights.queriesKeysValues, kernel: mul(weights.queriesKeysValues.kernel, 100) };
      const open = { ...weights.output, kernel: ones([8, 8]) };
      return attention({ ...weights, queriesKeysValues: loud, output: open }, draw(), options);
    });
    assert.ok((await y.data()).every((value) => Number.isFinite(value)));
    y.dispose();
  });

  it('says what does not fit', () => {
    tidy(() => {
      const weights = toTensors(initAttention(makeRandom(1), { channels: 8 }));
      assert.throws(() => attention(weights, draw(), { heads: 3, groups: 2 }), {
        code: 'invalid-option',
        message: 'attention: invalid heads: 3 (a whole number that divides the 8 channels is needed)',
      });
      assert.throws(() => attention(weights, ones<Tensor4D['rankType']>([1, 2, 2, 4]), options), {
        message: 'attention: input has 4 channels, the kernel expects 8',
      });
    });
  });
});
