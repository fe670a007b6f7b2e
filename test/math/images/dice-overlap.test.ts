import assert from 'node:assert/strict';
import { diceOverlap } from '../../../sdk/math/images/dice-overlap';

describe('diceOverlap', () => {
  it('is twice the shared over the sum of both', () => {
    assert.equal(diceOverlap(Uint8Array.from([1, 1, 1, 0]), Uint8Array.from([0, 1, 1, 0])), 0.8);
    assert.equal(diceOverlap(Uint8Array.from([255, 7, 0]), Uint8Array.from([1, 1, 0])), 1);
    assert.equal(diceOverlap(Uint8Array.from([1, 0]), Uint8Array.from([0, 1])), 0);
    assert.equal(diceOverlap(new Uint8Array(3), new Uint8Array(3)), 1);
  });
  it('refuses masks of unlike length', () => {
    assert.throws(() => diceOverlap(new Uint8Array(3), new Uint8Array(4)), { code: 'invalid-option' });
  });
});
