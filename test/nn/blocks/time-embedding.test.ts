import assert from 'node:assert/strict';
import { tidy } from '@tensorflow/tfjs-core';
import { makeRandom } from '../../../sdk/math/random';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { initTimeEmbedding, timeEmbedding, timeWaves } from '../../../sdk/nn/blocks/time-embedding';
import { toTensors } from '../../../sdk/nn/parameters';

describe('time embedding', () => {
  before(() => useBackend('cpu'));

  it('has cosines, then sines, at frequencies 1, 1/10, 1/100, 1/1000', () => {
    tidy(() => {
      const values = Array.from(timeWaves([0, 500], 8).dataSync());
      assert.deepEqual(values.slice(0, 8), [1, 1, 1, 1, 0, 0, 0, 0]);
      const angles = [500, 50, 5, 0.5];
      const expected = [...angles.map(Math.cos), ...angles.map(Math.sin)];
      expected.forEach((value, index) => assert.ok(Math.abs(value - values[8 + index]) < 1e-6, `${index}`));
    });
  });

  it('is four times as long as there are waves, or as asked', () => {
    tidy(() => {
      const short = toTensors(initTimeEmbedding(makeRandom(1), { waves: 4 }));
      assert.deepEqual(timeEmbedding(short, [1, 2, 3]).shape, [3, 16]);
      const long = toTensors(initTimeEmbedding(makeRandom(1), { waves: 4, size: 5 }));
      assert.deepEqual(timeEmbedding(long, Float32Array.of(7)).shape, [1, 5]);
    });
  });

  it('needs an even number of waves', () => {
    assert.throws(() => initTimeEmbedding(makeRandom(1), { waves: 5 }), {
      code: 'invalid-option',
      message: 'time embedding: invalid waves: 5 (an even number is needed)',
    });
  });
});
