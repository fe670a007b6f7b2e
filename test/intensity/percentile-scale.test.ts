import assert from 'node:assert/strict';
import { percentileScale } from '../../sdk/intensity/percentile-scale';
import { quantile, sortedValues } from '../../sdk/math/statistics/quantiles';
import { inMask, tissueValues, tissueVolume } from '../support/tissue-values';

describe('percentileScale', () => {
  const volume = tissueVolume(tissueValues(4000));
  it('brings the percentiles to the range and goes on beyond', () => {
    const sorted = sortedValues(inMask(percentileScale(volume, { percentiles: [2, 98], range: [10, 20] })));
    assert.ok(Math.abs(quantile(sorted, 0.02) - 10) < 1e-5);
    assert.ok(Math.abs(quantile(sorted, 0.98) - 20) < 1e-5);
    assert.ok(sorted[0] < 10 && sorted[sorted.length - 1] > 20);
  });
  it('stops there when told to clip', () => {
    const sorted = sortedValues(inMask(percentileScale(volume, { clip: true })));
    assert.equal(sorted[0], 0);
    assert.equal(sorted[sorted.length - 1], 1);
    assert.ok(Math.abs(quantile(sorted, 0.5) - 0.5) > 0.05);
  });
  it('refuses percentiles, ranges and scans that give no scale', () => {
    assert.throws(() => percentileScale(volume, { percentiles: [99, 1] }), { code: 'invalid-option' });
    assert.throws(() => percentileScale(volume, { percentiles: [1, 101] }), { code: 'invalid-option' });
    assert.throws(() => percentileScale(volume, { range: [1, 1] }), { code: 'invalid-option' });
    const lesion = tissueVolume(Float64Array.from({ length: 1000 }, (_, i) => (i < 3 ? 9 : 1)));
    assert.throws(() => percentileScale(lesion), {
      code: 'invalid-voxels',
      message: /^percentiles 0\.5 and 99\.5 are both 1 \(/,
    });
  });
});
