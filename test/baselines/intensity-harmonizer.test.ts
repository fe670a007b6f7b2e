import assert from 'node:assert/strict';
import { intensityHarmonizer } from '../../sdk/baselines/intensity-harmonizer';
import type { IntensityMethod } from '../../sdk/baselines/intensity-model';
import { imageRanges } from '../../sdk/data/cohort';
import { imageValues } from '../../sdk/intensity/normalize-images';
import { regionSettings } from '../../sdk/intensity/region';
import { quantile, sortedValues } from '../../sdk/math/quantiles';
import { gainedImages, gainedScans } from '../support/gained-scans';
import { inMask, tissueValues, tissueVolume } from '../support/tissue-values';

const methods: readonly IntensityMethod[] = [
  'z-score',
  'percentile',
  'white-stripe',
  'kde-mode',
  'fcm',
  'nyul',
  'histogram-matching',
];

/** The relative spread of the medians of the upper tissue's intensities. */
function spreadOf(tops: readonly number[]): number {
  return (Math.max(...tops) - Math.min(...tops)) / Math.max(...tops);
}

for (const method of methods) {
  describe(`intensityHarmonizer ${method}`, () => {
    // Scaling alone cannot undo an offset: those two methods leave some of it.
    const allowed = method === 'kde-mode' || method === 'fcm' ? 0.05 : 0.01;
    it('brings scans together at the average of what it was fitted on, lazily', async () => {
      const cohort = gainedScans();
      const harmonizer = intensityHarmonizer(method, { kind: 'volumes' });
      const model = await harmonizer.fit(cohort);
      assert.deepEqual(harmonizer.targets(model), ['average']);
      assert.equal(model.scans, 4);
      assert.deepEqual(JSON.parse(JSON.stringify(model)), model);
      let opened = 0;
      const counted = cohort.scans.map((scan) => ({ ...scan, open: () => (opened++, scan.open()) }));
      const after = await harmonizer.apply(model, { ...cohort, scans: counted });
      assert.equal(opened, 0);
      const top = async (scans: typeof cohort.scans): Promise<readonly number[]> =>
        Promise.all(scans.map(async (scan) => quantile(sortedValues(inMask(await scan.open())), 0.8)));
      const [before, now] = [await top(cohort.scans), await top(after.scans)];
      assert.ok(spreadOf(before) > 0.8 && spreadOf(now) < allowed, now.join());
      const average = before.reduce((sum, value) => sum + value) / before.length;
      assert.ok(Math.abs(now[0] / average - 1) < 0.05, `${now[0]} and ${average}`);
      const first = await after.scans[0].open();
      assert.equal(first.data[0], 0);
      assert.equal(first.provenance.at(-1)?.step, 'intensityHarmonizer');
      assert.equal(after.provenance.at(-1)?.options['method'], method);
    });
    it('brings scans to a site', async () => {
      const cohort = gainedScans();
      const harmonizer = intensityHarmonizer(method, { kind: 'volumes', target: 'b' });
      const model = await harmonizer.fit(cohort);
      assert.equal(model.scans, 2);
      assert.deepEqual(harmonizer.targets(model), ['b']);
      const after = await harmonizer.apply(model, cohort);
      const median = async (row: number, scans: typeof cohort.scans): Promise<number> =>
        quantile(sortedValues(inMask(await scans[row].open())), 0.8);
      const aim = ((await median(2, cohort.scans)) + (await median(3, cohort.scans))) / 2;
      assert.ok(Math.abs((await median(0, after.scans)) / aim - 1) < 0.05);
    });
    it('does the same to images, whole scans at a time', async () => {
      const cohort = gainedImages();
      const harmonizer = intensityHarmonizer(method, { kind: 'images' });
      const after = await harmonizer.apply(await harmonizer.fit(cohort), cohort);
      const tops = imageRanges(after).map((range) =>
        quantile(sortedValues(imageValues(after.images, range, regionSettings({}))), 0.8),
      );
      assert.ok(spreadOf(tops) < allowed, tops.join());
      assert.equal(after.images.data[0], 0);
      assert.equal(after.provenance.at(-1)?.step, 'intensityHarmonizer');
    });
  });
}

describe('intensityHarmonizer', () => {
  it('gives the method’s own unit when asked', async () => {
    const cohort = gainedScans();
    const harmonizer = intensityHarmonizer('kde-mode', { kind: 'volumes', rescale: false, bandwidth: 8 });
    const model = await harmonizer.fit(cohort);
    assert.deepEqual(model.calibration, { scale: 1, offset: 0 });
    assert.deepEqual(model.fitted, {
      method: 'kde-mode',
      settings: { contrast: 'T1w', target: 1, bandwidth: 8 },
    });
    const nyul = await intensityHarmonizer('nyul', {
      kind: 'volumes',
      rescale: false,
      landmarks: [1, 50, 99],
    }).fit(cohort);
    assert.ok(nyul.fitted.method === 'nyul' && nyul.fitted.standard[2] === 100);
  });
  it('names itself for tables', () => {
    assert.equal(intensityHarmonizer('nyul', { kind: 'images' }).name, 'Nyúl');
    assert.equal(
      intensityHarmonizer('histogram-matching', { kind: 'volumes', target: 'a' }).name,
      'histogram matching to a',
    );
  });
  it('refuses an unknown method, kind or target, and options out of range', async () => {
    const kind = 'volumes' as const;
    assert.throws(() => intensityHarmonizer('magic' as 'fcm', { kind }), {
      code: 'invalid-option',
      message: /^invalid method: "magic"/,
    });
    assert.throws(() => intensityHarmonizer('fcm', { kind: 'features' as 'volumes' }), {
      code: 'invalid-option',
    });
    assert.throws(() => intensityHarmonizer('white-stripe', { kind, width: 2 }), { code: 'invalid-option' });
    assert.throws(() => intensityHarmonizer('histogram-matching', { kind, levels: 0 }), {
      code: 'invalid-option',
    });
    await assert.rejects(intensityHarmonizer('fcm', { kind, target: 'KU' }).fit(gainedScans()), {
      code: 'unknown-site',
      message: /^unknown target: "KU" \(allowed are "average", "a", "b"\)/,
    });
  });
  it('fits on what can be used, and fails where it cannot be applied when that scan is opened', async () => {
    const empty = { ...tissueVolume(tissueValues(4000)), mask: new Uint8Array(12 * 12 * 42) };
    const cohort = gainedScans(empty);
    const harmonizer = intensityHarmonizer('z-score', { kind: 'volumes' });
    const model = await harmonizer.fit(cohort);
    assert.equal(model.scans, 4);
    assert.equal(model.issues.length, 1);
    const after = await harmonizer.apply(model, cohort);
    await assert.rejects(after.scans[4].open(), { code: 'failed-step' });
  });
  it('can be cancelled', async () => {
    const signal = AbortSignal.abort();
    const volumes = intensityHarmonizer('fcm', { kind: 'volumes' });
    const images = intensityHarmonizer('fcm', { kind: 'images' });
    await assert.rejects(volumes.fit(gainedScans(), { signal }), { code: 'aborted' });
    await assert.rejects(images.fit(gainedImages(), { signal }), { code: 'aborted' });
    const model = await volumes.fit(gainedScans());
    await assert.rejects(volumes.apply(model, gainedScans(), { signal }), { code: 'aborted' });
    await assert.rejects(images.apply(model, gainedImages(), { signal }), { code: 'aborted' });
  });
});
