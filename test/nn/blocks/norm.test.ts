import assert from 'node:assert/strict';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { ones, tidy } from '@tensorflow/tfjs-core';
import { makeRandom } from '../../../sdk/math/random';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { initLinear, linear } from '../../../sdk/nn/blocks/linear';
import { applyNorm, initNorm, instanceNorm, layerNorm } from '../../../sdk/nn/blocks/norm';
import { toTensors } from '../../../sdk/nn/parameters';

describe('norm and linear', () => {
  before(() => useBackend('cpu'));

  it('start with scale 1 and shift 0', () => {
    assert.deepEqual(initNorm(2), {
      scale: { shape: [2], data: Float32Array.of(1, 1) },
      shift: { shape: [2], data: Float32Array.of(0, 0) },
    });
  });

  it('say what does not fit', () => {
    tidy(() => {
      const x = ones<Tensor4D['rankType']>([1, 2, 2, 4]);
      const weights = toTensors(initNorm(6));
      for (const [name, apply] of [
        ['group norm', applyNorm],
        ['instance norm', instanceNorm],
        ['layer norm', layerNorm],
      ] as const) {
        const message = `${name}: input has 4 channels, the kernel expects 6`;
        assert.throws(() => apply(weights, x), { code: 'invalid-option', message });
      }
      const map = toTensors(initLinear(makeRandom(1), { inChannels: 3, outChannels: 2 }));
      assert.throws(() => linear(map, x), { message: 'linear: input has 4 channels, the kernel expects 3' });
      assert.throws(() => initNorm(0), {
        message: 'norm: invalid channels: 0 (a whole number above 0 is needed)',
      });
    });
  });

  it('map the last axis of any input', () => {
    tidy(() => {
      const map = toTensors(initLinear(makeRandom(1), { inChannels: 4, outChannels: 2, bias: false }));
      assert.deepEqual(Object.keys(map), ['kernel']);
      assert.deepEqual(linear(map, ones([3, 4])).shape, [3, 2]);
      assert.deepEqual(linear(map, ones([3, 5, 4])).shape, [3, 5, 2]);
      assert.deepEqual(linear(map, ones([3, 5, 6, 4])).shape, [3, 5, 6, 2]);
    });
  });
});
