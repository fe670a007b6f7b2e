import assert from 'node:assert/strict';
import { otsuThreshold } from '../../../sdk/math/images/otsu-threshold';

describe('otsuThreshold', () => {
  it('parts values as scikit-image does', () => {
    // scikit-image 0.26.0: threshold_otsu(values, nbins=256) is 25.807; a bin is 0.2 wide.
    const values = Float64Array.from(
      { length: 600 },
      (_, n) => 20 + 6 * Math.sin(1.7 * n) + (n % 3 === 0 ? 15 : 0) + 9 * Math.cos(0.9 * n),
    );
    const threshold = otsuThreshold(values);
    assert.ok(Math.abs(threshold - 25.80723458909614) < 0.2, String(threshold));
  });

  it('leaves the gap between two groups free', () => {
    const threshold = otsuThreshold([1, 2, 3, 2, 1, 50, 52, 51]);
    assert.ok(threshold > 3 && threshold < 50);
  });

  it('is the value of values that are all alike', () => {
    assert.equal(otsuThreshold([4, 4, 4]), 4);
    assert.ok(Number.isNaN(otsuThreshold([])));
  });

  it('refuses what is not finite', () => {
    assert.throws(() => otsuThreshold([1, NaN]), { code: 'invalid-number' });
  });
});
