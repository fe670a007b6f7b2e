import assert from 'node:assert/strict';
import type { ImageCohort, Issue, VolumeCohort } from '../../../sdk/index';
import * as sdk from '../../../sdk/index';
import { imageSource } from '../../../sdk/data/images/memory-source';
import { measureScanRanges } from '../../../sdk/nn/images/scan-intensity';
import { describeInput } from '../../../sdk/nn/input/describe-input';
import type { LearnedInput } from '../../../sdk/nn/input/learned-input';
import { requireLearned } from '../../../sdk/nn/input/learned-input-stored';

import { scanParts } from '../../../sdk/nn/input/scan-parts';
import { slicesOfScan } from '../../../sdk/nn/input/scan-slices';
import { takeIn } from '../../../sdk/nn/input/take-in';
import { brainSteps } from '../../../sdk/preprocess/brain-steps';
import { cutAlike } from '../../../sdk/preprocess/slices/cut-alike';

const geometry = { plane: 'axial', pixelSize: [6, 6] } as const;
const cut = { size: 32, pixelSize: 6 } as const;

function changed(cohort: ImageCohort, change: (value: number) => number): ImageCohort {
  const { data, mask } = cohort.images;
  const made = data.map((value, at) => (mask?.[at] === 0 ? 0 : change(value)));
  return { ...cohort, images: { ...cohort.images, data: made } };
}

describe('what a network learned from, by height', () => {
  let cohort: VolumeCohort;
  let learned: LearnedInput;

  before(async () => {
    const sites = sdk.phantoms.scannerPreset('seven-site');
    const scanners = sites.filter(({ site }) => site === 'siteE');
    const heads = { scanners, subjects: 2, spacing: 4, traveling: true, masked: true, seed: 2 } as const;
    cohort = sdk.simulateVolumeCohort(heads).cohort;
    // As `concord train` cuts scans: the whole brain.
    const whole = await sdk.toImages(sdk.preprocess(cohort, brainSteps(geometry)), {
      size: 32,
      center: 'mask',
      fill: 0,
      at: { every: 4 },
    });
    learned = await describeInput(whole);
  });

  async function noticed(given: ImageCohort, by = learned): Promise<readonly Issue[]> {
    const ranges = await measureScanRanges(imageSource(given));
    return (await takeIn(by, { cohort: given, ranges }, {})).issues;
  }
  const part = async (between: readonly [number, number], count: number): Promise<ImageCohort> =>
    (await cutAlike(cohort, cohort, { ...cut, between, count })).before;

  it('lets its own scans pass, whatever part of the brain is cut, with a mask and without', async () => {
    for (const [from, to, count] of [
      [0.35, 0.65, 5],
      [0.35, 0.65, 1],
      [0.65, 0.95, 5],
    ] as const) {
      const some = await part([from, to], count);
      assert.deepEqual(await noticed(some), [], `${count} slices from ${from} to ${to}`);
    }
    const some = await part([0.35, 0.65], 5);
    const { mask, ...bare } = some.images;
    assert.ok(mask);
    assert.deepEqual(await noticed({ ...some, images: bare }), []);
  });

  it('still refuses what is no such scan, in these slices', async () => {
    const some = await part([0.35, 0.65], 5);
    const top = some.images.data.reduce((a, b) => Math.max(a, b), 0);
    for (const [change, message] of [
      [(value: number) => 1.01 * top - value, /another contrast, inverted/],
      [(value: number) => value ** 3, /as in none of those/],
      [(value: number) => Math.log1p(value), /as in none of those/],
      [(value: number) => Math.ceil((4 * value) / top), /different intensities only/],
    ] as const) {
      await assert.rejects(noticed(changed(some, change)), { code: 'invalid-voxels', message });
    }
    const scaled = await noticed(changed(some, (value) => value / 100 - 3));
    assert.deepEqual([...new Set(scaled.map(({ code }) => code))], ['brought-to-training']);
  });

  it('is described at eight heights, of which slices have a mixture', () => {
    for (const { places = [], quantiles } of learned.kinds) {
      assert.equal(places.length, 8);
      const medians = places.map((place) => place.quantiles[10]);
      assert.ok(Math.min(...medians) < quantiles[10] && Math.max(...medians) > quantiles[10]);
    }
    assert.deepEqual(
      learned.reachOfParts?.map(({ slices }) => slices),
      [1, 5],
    );
  });

  it('has no parts of scans that have few slices themselves', async () => {
    const few = await part([0.2, 0.8], 9);
    assert.equal((await describeInput(few)).reachOfParts, undefined);
    assert.deepEqual(scanParts(slicesOfScan(few.images, 0, 9), 5), []);
  });

  it('is stored, and what was damaged is refused', () => {
    requireLearned(learned);
    const [kind] = learned.kinds;
    const [reaching] = learned.reachOfParts ?? [];
    for (const damaged of [
      { ...learned, kinds: [{ ...kind, places: kind.places?.slice().reverse() }] },
      { ...learned, kinds: [{ ...kind, places: [{ position: 3, quantiles: [1] }] }] },
      { ...learned, reachOfParts: [{ ...reaching, slices: -1 }] },
      { ...learned, reachOfParts: [{ slices: 1, reach: { ...reaching.reach, cut: NaN } }] },
    ]) {
      assert.throws(() => requireLearned(damaged), { code: 'malformed-model' });
    }
  });
});
