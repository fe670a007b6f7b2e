import assert from 'node:assert/strict';
import { intensityHarmonizer } from '../../sdk/baselines/intensity-harmonizer';
import type { IntensityMethod } from '../../sdk/baselines/intensity-model';
import { imageRanges, takeSubjects } from '../../sdk/data/cohort';
import { imageValues } from '../../sdk/intensity/normalize-images';
import { regionSettings } from '../../sdk/intensity/region';
import { quantile, sortedValues } from '../../sdk/math/statistics/quantiles';
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
      assert.deepEqual(harmonizer.targets(model), ['average', 'a', 'b']);
      assert.deepEqual(
        model.targets.map(({ scans }) => scans),
        [4, 2, 2],
      );
      assert.deepEqual(JSON.parse(JSON.stringify(model)), model);
      let opened = 0;
      const counted = cohort.scans.map((scan) => ({ ...scan, open: () => (opened++, scan.open()) }));
      const after = await harmonizer.apply(model, { ...cohort, scans: counted });
      assert.equal(opened, 0);
      const top = async (scans: typeof cohort.scans): Promise<readonly number[]> =>
        Promise.all(scans.map(async (scan) => quantile(sortedValues(inMask(await scan.open())), 0.8)));
      const before = await top(cohort.scans);
      const now = await top(after.scans);
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
      const harmonizer = intensityHarmonizer(method, { kind: 'volumes' });
      const model = await harmonizer.fit(cohort);
      const after = await harmonizer.apply(model, cohort, { target: 'b' });
      const step = after.provenance.at(-1)?.options;
      assert.deepEqual([step?.['target'], step?.['scans']], ['b', 2]);
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
    const [average] = model.targets;
    assert.deepEqual(average.calibration, { scale: 1, offset: 0 });
    assert.deepEqual(average.fitted, {
      method: 'kde-mode',
      settings: { contrast: 'T1w', target: 1, bandwidth: 8 },
    });
    const nyul = await intensityHarmonizer('nyul', {
      kind: 'volumes',
      rescale: false,
      landmarks: [1, 50, 99],
    }).fit(cohort);
    const { fitted } = nyul.targets[0];
    assert.ok(fitted.method === 'nyul' && fitted.standard[2] === 100);
  });
  it('names itself for tables', () => {
    assert.equal(intensityHarmonizer('nyul', { kind: 'images' }).name, 'Nyúl');
  });
  it('learns of a site what it would learn of that site alone', async () => {
    const cohort = gainedScans();
    const alone = takeSubjects(cohort, [2, 3]);
    for (const method of methods) {
      const harmonizer = intensityHarmonizer(method, { kind: 'volumes' });
      const all = await harmonizer.fit(cohort);
      const own = await harmonizer.fit(alone);
      assert.deepEqual({ ...all.targets[2], name: 'average' }, own.targets[0]);
    }
  });
  it('refuses an unknown method or kind, a target where it has no effect, and options out of range', () => {
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
    const moved = { kind, target: 'b' };
    assert.throws(() => intensityHarmonizer('fcm', moved), {
      code: 'invalid-option',
      message: /^invalid target: "b" \(the target is given when a harmonizer is applied: apply\(/,
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
  it('has no target where a site has no usable scan, or the name of the average, and says so', async () => {
    const cohort = gainedScans({ ...tissueVolume(tissueValues(4000)), mask: new Uint8Array(12 * 12 * 42) });
    const sites = ['a', 'a', 'average', 'average', 'KU'];
    const harmonizer = intensityHarmonizer('z-score', { kind: 'volumes' });
    const model = await harmonizer.fit({ ...cohort, participants: { ...cohort.participants, sites } });
    assert.deepEqual(harmonizer.targets(model), ['average', 'a']);
    assert.deepEqual(
      model.issues.slice(1).map(({ code, where, message }) => [code, where.site, message]),
      [
        ['no-target', 'KU', 'site "KU" has no usable scan: scans cannot be harmonized to it'],
        [
          'no-target',
          'average',
          'site "average" has the name reserved for the average of all scans: scans cannot be harmonized to it',
        ],
      ],
    );
    await assert.rejects(harmonizer.apply(model, cohort, { target: 'KU' }), { code: 'unknown-site' });
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
