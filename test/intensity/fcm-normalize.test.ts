import assert from 'node:assert/strict';
import { fcmMap, fcmNormalize, fcmSettings } from '../../sdk/intensity/fcm-normalize';
import { tissueValues, tissueVolume } from '../support/tissue-values';

describe('fcmNormalize', () => {
  const values = tissueValues(4000);
  const mean = (options: Parameters<typeof fcmSettings>[0], of = values): number =>
    fcmMap(of, fcmSettings(options)).learned['mean'] as number;
  it('scales by the mean where the class of scikit-fuzzy 0.5.0 has the greatest membership', () => {
    assert.ok(Math.abs(mean({}) - 110.77864491311429) < 1e-3);
    assert.ok(Math.abs(mean({ tissue: 'gm' }) - 70.39707950753493) < 1e-3);
    assert.ok(Math.abs(mean({ tissue: 'csf' }) - 24.552196083087683) < 1e-3);
    const after = fcmNormalize(tissueVolume(values), { target: 100 });
    const scale = 100 / 110.77864491311429;
    assert.ok(Math.abs(after.data[1 + 12 + 144 + 1] - values[1] * scale) < 1e-2);
    assert.equal(after.data[0], 0);
  });
  it('knows that white matter is dark in T2w', () => {
    assert.ok(Math.abs(mean({ contrast: 'T2w' }) - 24.552196083087683) < 1e-3);
  });
  it('refuses an unknown tissue and a scan of two intensities', () => {
    assert.throws(() => fcmSettings({ tissue: 'bone' as 'wm' }), { code: 'invalid-option' });
    const two = tissueVolume(Float64Array.from({ length: 500 }, (_, i) => 1 + (i % 2)));
    assert.throws(() => fcmNormalize(two), { code: 'too-little-data' });
  });
});
