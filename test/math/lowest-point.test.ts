import assert from 'node:assert/strict';
import { lowestPoint } from '../../sdk/math/lowest-point';

describe('lowestPoint', () => {
  const range = { from: -3, to: 5, steps: 16 };

  it('finds the lower of two minima, to the digits that a parabola has', () => {
    // x⁴ - 4x² + x/2 is lowest at the root -1.4444847 of 4x³ - 8x + 1/2 (NumPy 2.4.6, numpy.roots).
    const found = lowestPoint((x) => x ** 4 - 4 * x ** 2 + x / 2, range);
    assert.ok(Math.abs(found + 1.4444847) < 1e-6, `${found}`);
    assert.ok(Math.abs(4 * found ** 3 - 8 * found + 0.5) < 1e-6);
  });

  it('takes an end of the range where that is lowest', () => {
    assert.equal(
      lowestPoint((x) => -x, range),
      5,
    );
    assert.equal(
      lowestPoint((x) => x, range),
      -3,
    );
  });

  it('passes over what is no number', () => {
    const found = lowestPoint((x) => (x < 0 ? NaN : (x - 1.3) ** 2), range);
    assert.ok(Math.abs(found - 1.3) < 1e-6);
  });
});
