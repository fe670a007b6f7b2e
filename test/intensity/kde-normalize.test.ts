import assert from 'node:assert/strict';
import { kdeNormalize } from '../../sdk/intensity/kde-normalize';
import { tissuePeak } from '../../sdk/intensity/tissue-peak';
import { sortedValues } from '../../sdk/math/statistics/quantiles';
import { inMask, tissueValues, tissueVolume } from '../support/tissue-values';

describe('kdeNormalize', () => {
  const volume = tissueVolume(tissueValues(4000));
  it('brings the white-matter peak to the target and leaves 0 at 0', () => {
    const after = kdeNormalize(volume, { target: 1000, outside: 'map' });
    assert.ok(Math.abs(tissuePeak(sortedValues(inMask(after))).intensity - 1000) < 0.01);
    assert.equal(after.data[0], 0);
  });
  it('takes an absolute bandwidth, which does not scale with the scan', () => {
    const learned = kdeNormalize(volume, { bandwidth: 4 }).provenance[0].options['learned'] as {
      peak: number;
    };
    assert.ok(Math.abs(learned.peak - 110.66855163688587) < 0.01, 'scipy 1.17.1, kernel of deviation 4');
  });
  it('refuses a target or a peak that is not positive', () => {
    assert.throws(() => kdeNormalize(volume, { target: 0 }), { code: 'invalid-option' });
    const centered = tissueVolume(tissueValues(4000).map((value) => value - 120));
    assert.throws(() => kdeNormalize(centered), {
      code: 'failed-step',
      message: /^the tissue peak is at -9\.2/,
    });
  });
});
