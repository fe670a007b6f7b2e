import assert from 'node:assert/strict';
import { mapIntensity } from '../../sdk/intensity/intensity-map';
import { applyNyul, fitNyul } from '../../sdk/intensity/nyul';
import {
  mergeTies,
  nyulLandmarks,
  nyulMap,
  nyulSettings,
  standardLandmarks,
} from '../../sdk/intensity/nyul-model';
import { gainedScans } from '../support/gained-scans';
import { alike, inMask, tissueValues, tissueVolume } from '../support/tissue-values';

describe('Nyúl', () => {
  const { landmarks: percentiles, scale } = nyulSettings({});
  const scans = [
    tissueValues(4000),
    tissueValues(3000).map((value) => 2.5 * value + 12),
    tissueValues(3500).map((value) => (value + 5) ** 1.2),
  ];
  it('averages landmarks and goes through them as numpy 2.4.6 does (np.percentile, np.interp)', () => {
    const standard = standardLandmarks(
      scans.map((values) => nyulLandmarks(values, percentiles)),
      scale,
    );
    const expected = [
      ...[
        0, 13.049529965577117, 42.58061535289613, 48.890389367477155, 53.509178889120705, 58.155117202364146,
      ],
      ...[75.82697249625062, 87.71853163804245, 90.95910549564918, 94.1209387252873, 100],
    ];
    assert.ok(alike(standard, expected, 1e-9), standard.join());
    const { map } = nyulMap(scans[0], { percentiles, standard });
    const mapped = [35, 60, 80, 100, 118, 10, 130].map((value) => mapIntensity(value, map));
    const inside = [
      ...[19.615449336067176, 42.52418743859075, 61.20077493709341, 80.42606266128995, 97.89236084579052],
      ...[-2.497440293121136, 109.45652664983693],
    ];
    assert.ok(alike(mapped, inside, 1e-9), mapped.join());
  });
  it('brings scans that differ by gain and offset together', async () => {
    const cohort = gainedScans();
    const model = await fitNyul(cohort);
    assert.equal(model.scans, 4);
    const [one, , , other] = await Promise.all(
      cohort.scans.map(async (scan) => applyNyul(model, await scan.open())),
    );
    const rank = (values: Float32Array): readonly number[] =>
      nyulLandmarks(Float64Array.from(values), [5, 45, 55, 95]);
    assert.ok(alike(rank(inMask(one)), rank(inMask(other)), 0.3));
    assert.equal(one.data[0], 0);
    assert.equal(one.provenance[0].step, 'applyNyul');
    assert.deepEqual(JSON.parse(JSON.stringify(model)), model);
  });
  it('fits on the scans that can be used, says which cannot, and fails when none can', async () => {
    const empty = { ...tissueVolume(tissueValues(4000)), mask: new Uint8Array(12 * 12 * 42) };
    const model = await fitNyul(gainedScans(empty));
    assert.equal(model.scans, 4);
    assert.deepEqual(
      model.issues.map(({ code, where }) => [code, where.subject]),
      [['unusable-scan', 's4']],
    );
    const none = { ...gainedScans(empty), scans: [gainedScans(empty).scans[4]] };
    await assert.rejects(fitNyul(none), {
      code: 'too-little-data',
      message: /\(the first: s4: too few voxels/,
    });
    await assert.rejects(fitNyul(gainedScans(empty), { strict: true }), { code: 'failed-step' });
    await assert.rejects(fitNyul(gainedScans(), { signal: AbortSignal.abort() }), { code: 'aborted' });
  });
  it('averages the targets of landmarks that fall together', () => {
    assert.deepEqual(mergeTies([1, 1, 2, 3, 3], [0, 10, 20, 30, 50]), { from: [1, 2, 3], to: [5, 20, 40] });
    assert.throws(() => nyulLandmarks(Float64Array.of(0, 4, 4, 4, 4, 4, 9), [30, 60]), {
      code: 'invalid-voxels',
    });
  });
  it('refuses landmarks that do not ascend and a scale that is none', () => {
    assert.throws(() => nyulSettings({ landmarks: [50] }), { code: 'invalid-option' });
    assert.throws(() => nyulSettings({ landmarks: [10, 10, 90] }), { code: 'invalid-option' });
    assert.throws(() => nyulSettings({ landmarks: [10, 190] }), { code: 'invalid-option' });
    assert.throws(() => nyulSettings({ scale: [5, 5] }), { code: 'invalid-option' });
  });
});
