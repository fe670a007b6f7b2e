import assert from 'node:assert/strict';
import type { ImageCohort, Issue, SlicePositions, VolumeCohort } from '../../../sdk/index';
import * as sdk from '../../../sdk/index';
import { imageSource } from '../../../sdk/data/images/memory-source';
import { measureScanRanges } from '../../../sdk/nn/images/scan-intensity';
import { beyondLearned } from '../../../sdk/nn/input/beyond-learned';
import { describeInput } from '../../../sdk/nn/input/describe-input';
import { learnExtent, learnExtents } from '../../../sdk/nn/input/learn-extent';
import type { LearnedInput } from '../../../sdk/nn/input/learned-input';
import { requireLearned } from '../../../sdk/nn/input/learned-input-stored';

import { scanParts } from '../../../sdk/nn/input/scan-parts';
import { slicesOfScan } from '../../../sdk/nn/input/scan-slices';
import type { SlicePattern } from '../../../sdk/nn/input/slice-pattern';
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

  describe('and how far its slices go', () => {
    const whole = async (at: SlicePositions): Promise<ImageCohort> =>
      sdk.toImages(sdk.preprocess(cohort, brainSteps(geometry)), { size: 32, center: 'mask', fill: 0, at });
    /** As `concord harmonize` cuts them: every slice with brain. */
    const everySlice = { every: 4 };
    /** Digital heads change from slice to slice, which few slices cannot say: they would be refused for that. */
    const reachingAsFar = async (given: ImageCohort): Promise<LearnedInput> => {
      const { reach, reachOfParts = [] } = learned;
      return { ...(await describeInput(given)), reach, reachOfParts };
    };

    it('says nothing of slices beyond for its own scans, whole, however coarsely it was trained on them', async () => {
      const given = await whole(everySlice);
      assert.deepEqual(await noticed(given), []);
      for (const every of [8, 12]) {
        const coarse = await reachingAsFar(await whole({ every }));
        const all = await noticed(given, coarse);
        assert.deepEqual(
          all.filter(({ code }) => code === 'beyond-training'),
          [],
          `${every} mm`,
        );
      }
      // Descriptions of earlier versions have means only, and mean what they meant.
      const looks = learned.looks.map(({ suffix, slices }) => ({ suffix, slices }));
      const codes = (await noticed(given, { ...learned, looks })).map(({ code }) => code);
      assert.ok(codes.includes('beyond-training'));
    });

    it('says it of whole heads where five slices of the middle were learned from, which fade', async () => {
      const middle = await reachingAsFar(await part([0.35, 0.65], 5));
      const given = await whole(everySlice);
      const ranges = await measureScanRanges(imageSource(given));
      const { issues, left } = await takeIn(middle, { cohort: given, ranges }, { refuse: false });
      const said = issues.filter(({ code }) => code === 'beyond-training');
      assert.equal(said.length, given.participants.ids.length);
      const { from = NaN, to = NaN } = middle.looks[0].extent ?? {};
      for (const { message } of said) {
        const [, count, of] = (/^(\d+) of the (\d+) slices/.exec(message) ?? []).map(Number);
        // What is not beyond is as long as what was learned from, to a slice.
        assert.ok(Math.abs(4 * (of - count) - (to - from)) <= 4, message);
        assert.match(message, /fade into what they were/);
      }
      const first = given.images.slices.findIndex(({ scan }) => scan === given.participants.ids[0]);
      assert.equal(left.get(first), 1);
    });

    it('is that of all scans, also of those that are not described', async () => {
      const source = imageSource(await whole(everySlice));
      const again = await learnExtents(source, { looks: learned.looks, placed: new Map() });
      assert.deepEqual(again, learned.looks);
    });

    it('is where scans are at their places: half a slice more, or a whole one that is near or where the brain ends', () => {
      const slice = (position: number, cells: number): SlicePattern => {
        const cover = new Float64Array(576).fill(1, 0, cells);
        return { position, cover, values: cover };
      };
      const cutOff = { patterns: [slice(20, 90), slice(0, 100), slice(10, 100)], place: 5 };
      assert.deepEqual(learnExtent([cutOff]), { from: -10, to: 20, brain: 90 });
      // With 24 of 100 at its top the brain ends less than 10 mm above; places are tried in steps of 2 mm.
      const toTheTop = { patterns: [slice(0, 80), slice(10, 100), slice(20, 24)], place: -1 };
      assert.deepEqual(learnExtent([toTheTop]), { from: -4, to: 33, brain: 24 });
      assert.deepEqual(learnExtent([cutOff, toTheTop]), { from: -10, to: 33, brain: 24 });
      assert.deepEqual(learnExtent([{ patterns: [slice(3, 50)], place: 0 }]), {
        from: 2,
        to: 4,
        brain: 50,
      });
      // Slices 4 mm from the last show nearly the same.
      const near = { patterns: [slice(0, 50), slice(4, 50)], place: 0 };
      assert.deepEqual(learnExtent([near]), { from: -4, to: 8, brain: 50 });
    });

    it('decides which slices of a scan are beyond', () => {
      const pattern = (position: number, cells: number): SlicePattern => ({
        position,
        cover: new Float64Array(576).fill(1, 0, cells),
        values: new Float64Array(576),
      });
      const look = { suffix: 'T1w', slices: [] };
      const looks = [
        { ...look, extent: { from: -10, to: 20, brain: 100 } },
        { ...look, extent: { from: -4, to: 33, brain: 200 } },
      ];
      const slices = [pattern(-9, 50), pattern(-8, 1), pattern(35, 1), pattern(36, 100), pattern(40, 20)];
      const found = beyondLearned({ looks }, slices, { suffix: 'T1w', shift: 2 });
      assert.deepEqual([found.from, found.to, found.beyond], [-8, 35, 3]);
      // Half of the brain: half way from 0.65 to 0.35.
      assert.deepEqual([...found.slight.keys()], [-9, 40]);
      assert.ok(Math.abs((found.slight.get(-9) ?? 0) - 0.5) < 1e-12);
      assert.equal(found.slight.get(40), 1);
    });

    it('is stored, and what was damaged is refused', () => {
      const back = JSON.parse(JSON.stringify(learned)) as LearnedInput;
      assert.deepEqual(back.looks, learned.looks);
      requireLearned(back);
      const [look] = learned.looks;
      const { extent } = look;
      for (const damaged of [
        null,
        { from: 0, to: 1 },
        { ...extent, brain: -1 },
        { ...extent, from: 'low' },
        { from: extent?.to, to: extent?.from, brain: 1 },
      ]) {
        const looks = [{ ...look, extent: damaged }] as unknown as LearnedInput['looks'];
        const refused = { code: 'malformed-model', message: /learned: looks/ };
        assert.throws(() => requireLearned({ ...learned, looks }), refused);
      }
    });
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
