import assert from 'node:assert/strict';
import { applyHistogramMatching, fitHistogramMatching } from '../../sdk/intensity/histogram-matching';
import { evenQuantiles, histogramMatchingMap } from '../../sdk/intensity/histogram-matching-model';
import { mapIntensity } from '../../sdk/intensity/intensity-map';
import { quantile, sortedValues } from '../../sdk/math/statistics/quantiles';
import { gainedScans } from '../support/gained-scans';
import { alike, inMask, tissueValues, tissueVolume } from '../support/tissue-values';

describe('histogram matching', () => {
  const source = tissueValues(4000);
  const reference = tissueValues(3500).map((value) => (value + 5) ** 1.2);
  it('agrees with scikit-image 0.26.0 (exposure.match_histograms) to a thousandth of the range', () => {
    const { map } = histogramMatchingMap(source, evenQuantiles(reference, 1001));
    const found = [0, 1, 2, 1000, 2000, 3999].map((i) => mapIntensity(source[i], map));
    const expected = [
      ...[4.999157366561159, 297.8689138792277, 180.0206337795061],
      ...[37.923268227399895, 40.78061943965249, 150.83765306486944],
    ];
    assert.ok(alike(found, expected, 0.337), found.join());
  });
  it('gives a volume the distribution of the reference, and nothing beyond it', async () => {
    const model = await fitHistogramMatching(tissueVolume(reference));
    const after = applyHistogramMatching(model, tissueVolume(source.map((value) => 3 * value + 40)));
    const matched = sortedValues(inMask(after));
    const aim = sortedValues(reference);
    for (const p of [0.1, 0.5, 0.9]) assert.ok(Math.abs(quantile(matched, p) - quantile(aim, p)) < 0.2);
    assert.ok(Math.abs(matched[0] - aim[0]) < 1e-4);
    assert.ok(Math.abs(matched[matched.length - 1] - aim[aim.length - 1]) < 1e-4);
    assert.equal(mapIntensity(-100, { ...knots(model.quantiles), beyond: 'hold' }), model.quantiles[0]);
    assert.equal(after.data[0], 0);
  });
  it('learns the average quantiles of a cohort', async () => {
    const cohort = gainedScans();
    const model = await fitHistogramMatching(cohort, { levels: 11 });
    const medians = await Promise.all(
      cohort.scans.map(async (scan) => quantile(sortedValues(inMask(await scan.open())), 0.5)),
    );
    assert.ok(Math.abs(model.quantiles[5] - medians.reduce((sum, value) => sum + value) / 4) < 1e-9);
    assert.equal(model.scans, 4);
    assert.deepEqual(JSON.parse(JSON.stringify(model)), model);
  });
  it('treats voxels of one intensity alike', () => {
    const coarse = source.map((value) => Math.round(value / 20));
    const { map } = histogramMatchingMap(coarse, evenQuantiles(reference, 1001));
    assert.ok(map.kind === 'piecewise-linear' && map.from.every((at, i) => i === 0 || at > map.from[i - 1]));
    assert.ok(map.to.every((value, i) => i === 0 || value >= map.to[i - 1]));
  });
  it('refuses levels that are none', async () => {
    await assert.rejects(fitHistogramMatching(tissueVolume(source), { levels: 1 }), {
      code: 'invalid-option',
    });
  });
});

function knots(quantiles: readonly number[]): {
  readonly kind: 'piecewise-linear';
  readonly from: readonly number[];
  readonly to: readonly number[];
} {
  return { kind: 'piecewise-linear', from: quantiles.map((_, i) => i), to: quantiles };
}
