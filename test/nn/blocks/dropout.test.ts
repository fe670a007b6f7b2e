import assert from 'node:assert/strict';
import { ones, tidy } from '@tensorflow/tfjs-core';
import { makeRandom } from '../../../sdk/math/random';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { dropout, dropoutMask } from '../../../sdk/nn/blocks/dropout';

describe('dropout', () => {
  before(() => useBackend('cpu'));

  for (const rate of [0.1, 0.5, 0.9]) {
    it(`drops ${rate} of the values and keeps their sum`, () => {
      const mask = dropoutMask(100001, { rate, random: makeRandom(3) });
      const dropped = mask.reduce((count, value) => count + (value === 0 ? 1 : 0), 0) / mask.length;
      // Four standard errors of a share, and the 1/65536 that rates are rounded to.
      assert.ok(Math.abs(dropped - rate) < 4 * Math.sqrt((rate * (1 - rate)) / 100001) + 1e-5, `${dropped}`);
      const kept = mask.find((value) => value !== 0) ?? NaN;
      assert.ok(Math.abs(kept * (1 - rate) - 1) < 1e-4, `${kept}`);
    });
  }

  it('decides neighbors independently', () => {
    const mask = dropoutMask(100000, { rate: 0.5, random: makeRandom(3) });
    let both = 0;
    for (let index = 0; index < mask.length; index += 2) if (mask[index] > 0 && mask[index + 1] > 0) both++;
    assert.ok(Math.abs(both / 50000 - 0.25) < 4 * Math.sqrt(0.1875 / 50000), `${both}`);
  });

  it('gives the same bits for the same seed, others from the same source later', () => {
    const random = makeRandom(3);
    const [first, second] = [1, 2].map(() => dropoutMask(64, { rate: 0.5, random }));
    assert.deepEqual(first, dropoutMask(64, { rate: 0.5, random: makeRandom(3) }));
    assert.notDeepEqual(first, second);
  });

  it('multiplies by the mask', () => {
    tidy(() => {
      const y = dropout(ones([5, 7]), { rate: 0.25, random: makeRandom(3) });
      assert.deepEqual(y.shape, [5, 7]);
      assert.deepEqual(y.dataSync(), dropoutMask(35, { rate: 0.25, random: makeRandom(3) }));
    });
  });

  it('takes rates from 0 to below 1', () => {
    tidy(() => {
      const x = ones([3]);
      assert.equal(dropout(x, { rate: 0, random: makeRandom(3) }), x);
      for (const rate of [1, -0.1, NaN]) {
        assert.throws(() => dropout(x, { rate, random: makeRandom(3) }), {
          code: 'invalid-option',
          message: `dropout: invalid rate: ${rate} (from 0 to below 1)`,
        });
      }
    });
  });
});
