import assert from 'node:assert/strict';
import { tissuePeak } from '../../sdk/intensity/tissue-peak';
import { sortedValues } from '../../sdk/math/statistics/quantiles';
import { tissueValues } from '../support/tissue-values';

describe('tissuePeak', () => {
  const sorted = sortedValues(tissueValues(4000));
  it('is the last peak in T1w and the highest in T2w', () => {
    const last = tissuePeak(sorted);
    assert.ok(Math.abs(last.intensity - 110.78661603050875) < 0.01, 'scipy 1.17.1 minimize_scalar');
    assert.ok(
      Math.abs(last.bandwidth - 5.722011430190093) < 1e-9,
      '6% of numpy’s 5th to 95th percentile range',
    );
    assert.deepEqual(last.issues, []);
    const mirrored = sorted.map((value) => 150 - value).sort();
    assert.ok(Math.abs(tissuePeak(mirrored, { contrast: 'T2w' }).intensity - (150 - last.intensity)) < 0.01);
  });
  it('scales with the scan: the bandwidth is an intensity of its own', () => {
    const one = tissuePeak(sorted);
    const scaled = tissuePeak(sorted.map((value) => 2.7 * value));
    assert.ok(Math.abs(scaled.intensity - 2.7 * one.intensity) < 1e-6);
    assert.ok(Math.abs(scaled.bandwidth - 2.7 * one.bandwidth) < 1e-9);
    assert.equal(scaled.quantile, one.quantile);
  });
  it('does not follow a few very bright voxels', () => {
    const vessels = sortedValues([...sorted, ...Array.from({ length: 40 }, (_, i) => 1000 + 50 * i)]);
    assert.ok(Math.abs(tissuePeak(vessels).intensity - tissuePeak(sorted).intensity) < 0.1);
  });
  it('says when so much lies above the peak that it may not be white matter', () => {
    const { issues, intensity } = tissuePeak(sorted, { bandwidth: 40 });
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['doubtful-peak'],
    );
    assert.ok(intensity < 100);
  });
});
