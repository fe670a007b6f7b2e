import assert from 'node:assert/strict';
import { maskedValues, quantile, sortedValues } from '../../../sdk/math/statistics/quantiles';
import { alike, tissueValues } from '../../support/tissue-values';

describe('quantile', () => {
  it('is that of numpy 2.4.6 (np.quantile, method linear)', () => {
    const sorted = sortedValues(tissueValues(4000));
    const expected = [
      -1.1769145362397886, 14.1687843581575, 64.019750957014, 76.83086055792374, 108.64641756020104,
      124.39170680498894,
    ];
    const found = [0, 0.013, 0.25, 0.5, 0.731, 1].map((p) => quantile(sorted, p));
    assert.ok(alike(found, expected, 1e-12), found.join());
  });
  it('takes shares outside 0 to 1 as the ends, and has none of no values', () => {
    assert.equal(quantile([1, 2, 3], -0.1), 1);
    assert.equal(quantile([1, 2, 3], 1.1), 3);
    assert.equal(quantile([7], 0.3), 7);
    assert.ok(Number.isNaN(quantile([], 0.5)));
  });
  it('never leaves the interval between equal neighbors', () => {
    for (let p = 0; p <= 1; p += 0.01) assert.equal(quantile([0.1, 0.1, 0.1], p), 0.1);
  });
});

describe('sortedValues', () => {
  it('sorts a copy, of the masked values only', () => {
    const values = Float32Array.of(3, -1, 2, 10);
    assert.deepEqual([...sortedValues(values)], [-1, 2, 3, 10]);
    assert.deepEqual([...sortedValues(values, Uint8Array.of(1, 0, 1, 255))], [2, 3, 10]);
    assert.deepEqual([...maskedValues(values, Uint8Array.of(1, 0, 1, 1))], [3, 2, 10]);
    assert.deepEqual([...values], [3, -1, 2, 10]);
  });
});
