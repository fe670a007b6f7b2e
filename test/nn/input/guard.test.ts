import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { ImageCohort, Volume as Scan } from 'concord-mri';
import * as concord from 'concord-mri';
import { imageSource } from '../../../sdk/data/images/memory-source';
import { measureScanRanges } from '../../../sdk/nn/images/scan-intensity';
import type { LearnedInput } from '../../../sdk/nn/input/learned-input';
import { describeInput } from '../../../sdk/nn/input/describe-input';
import { leftRightShading } from '../../../sdk/nn/input/left-right-shading';
import { requireLearned } from '../../../sdk/nn/input/learned-input-stored';
import { zeroByRecord } from '../../../sdk/nn/input/origin-of-images';
import { learnedFrom, noticeFewLevels, takeIn, withFewLevels } from '../../../sdk/nn/input/take-in';
import { beyondLearned } from '../../../sdk/nn/input/beyond-learned';
import { withMadeImages } from '../../../sdk/nn/images/given-images';
import { makeRandom } from '../../../sdk/math/random';

type Volume = Pick<Scan, 'data' | 'mask'>;

const geometry = { slices: 5, size: 64, pixelSize: 3, seed: 77 } as const;
const scanners = concord.phantoms.scannerPreset('abcd-like');

/** The cohort with other intensities in the brain. */
function withBrain(cohort: ImageCohort, change: (value: number, at: number) => number): ImageCohort {
  const { images } = cohort;
  const data = images.data.map((value, at) => (images.mask?.[at] === 0 ? 0 : change(value, at)));
  return { ...cohort, images: { ...images, data } };
}

/** The cohort with each pixel, and the mask, taken from another place. */
function moved(
  cohort: ImageCohort,
  from: (slice: number, row: number) => readonly [number, number],
): ImageCohort {
  const { images } = cohort;
  const source = images.data.map((_, at) => {
    const [slice, row] = from(Math.floor(at / 4096), Math.floor(at / 64) % 64);
    return (slice * 64 + row) * 64 + (at % 64);
  });
  const data = Float32Array.from(source, (at) => images.data[at]);
  const mask = Uint8Array.from(source, (at) => images.mask?.[at] ?? 0);
  return { ...cohort, images: { ...images, data, mask } };
}

describe('what a network learned from', () => {
  let learned: LearnedInput;
  let cohort: ImageCohort;
  let t2w: ImageCohort;
  let top: number;

  before(async () => {
    const model = await concord.loadModel(resolve('fixtures/murd-small'), 'murd');
    assert.ok(model.learned);
    learned = model.learned;
    const of = async (kind: boolean): Promise<ImageCohort> => {
      const some = scanners.filter(({ sequence }) => (sequence.kind === 'spin-echo') === kind).slice(2);
      return (await concord.simulateSlices({ ...geometry, scanners: some, subjects: 1 })).cohort;
    };
    [cohort, t2w] = [await of(false), await of(true)];
    top = Array.from(cohort.images.data).sort((a, b) => a - b)[Math.floor(0.995 * cohort.images.data.length)];
  });

  async function taken(
    given: ImageCohort,
    by: LearnedInput | undefined = learned,
  ): Promise<Awaited<ReturnType<typeof takeIn>>> {
    return takeIn(by, { cohort: given, ranges: await measureScanRanges(imageSource(given)) }, {});
  }
  const codes = async (given: ImageCohort, by?: LearnedInput): Promise<readonly string[]> =>
    (await taken(given, by)).issues.map(({ code }) => code);

  it('is told in a line', () => {
    assert.equal(learnedFrom(learned), '720 digital persons, no real ones');
    assert.equal(learnedFrom({ people: { digital: 0, real: 1 } }), '1 real person');
    assert.equal(learnedFrom({ people: { digital: 3, real: 12 } }), '12 real persons, 3 digital ones');
  });

  it('lets scans like it pass, and says nothing', async () => {
    assert.deepEqual(await taken(cohort), {
      ranges: await measureScanRanges(imageSource(cohort)),
      left: new Map(),
      brought: new Set(),
      issues: [],
    });
  });

  it('is not known of models of earlier versions, which is said', async () => {
    const { ranges, issues } = await takeIn(undefined, { cohort, ranges: [{ low: 0, high: 1 }] }, {});
    assert.deepEqual(ranges, [{ low: 0, high: 1 }]);
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['unknown-training'],
    );
  });

  it('holds no real people, which is said of scans that were not simulated', async () => {
    const real = { ...cohort, provenance: [] };
    assert.deepEqual(await codes(real), ['no-real-people']);
    assert.deepEqual(await codes(real, { ...learned, people: { digital: 0, real: 3 } }), []);
  });

  it('is where z-scores and other shifted scales are brought to, with an issue', async () => {
    const [own] = await measureScanRanges(imageSource(cohort));
    for (const [scale, offset] of [
      [0.004, -2],
      [0.01, -7],
      [2, 2000],
    ]) {
      const { ranges, issues } = await taken(withBrain(cohort, (value) => scale * value + offset));
      assert.deepEqual(
        issues.map(({ code }) => code),
        ['brought-to-training'],
      );
      // What stood for no signal is found to a twentieth of the range.
      const span = own.high * scale;
      assert.ok(Math.abs(ranges[0].low - offset) < 0.05 * span, `${ranges[0].low} for ${offset}`);
      assert.ok(Math.abs(ranges[0].high - (own.high * scale + offset)) < 0.05 * span);
    }
  });

  it('has a scale, to which other units are brought with an issue', async () => {
    const [own] = await measureScanRanges(imageSource(cohort));
    for (const factor of [0.001, 1000]) {
      const { ranges, issues } = await taken(withBrain(cohort, (value) => factor * value));
      assert.deepEqual(
        issues.map(({ code }) => code),
        ['brought-to-training'],
      );
      assert.ok(Math.abs(ranges[0].high / own.high / factor - 1) < 1e-4);
    }
  });

  it('refuses what cannot be brought there', async () => {
    const random = makeRandom(5);
    const bad: Readonly<Record<string, readonly [ImageCohort, RegExp]>> = {
      inverted: [withBrain(cohort, (value) => Math.max(1, 1.01 * top - value)), /another contrast, inverted/],
      'T2w that says T1w': [{ ...t2w, suffixes: ['T1w'] }, /another contrast/],
      'gamma 3': [withBrain(cohort, (value) => value ** 3), /as in none of those/],
      'noise only': [withBrain(cohort, () => 100 + 20 * random.normal()), /mostly noise/],
      'front to back': [moved(cohort, (slice, row) => [slice, 63 - row]), /is upside down/],
      'top to bottom': [moved(cohort, (slice, row) => [4 - slice, row]), /is top to bottom/],
      'half empty': [
        withBrain(cohort, (value, at) => (at % 64 < 32 ? 0 : value)),
        /one and the same intensity/,
      ],
      labels: [withBrain(cohort, (value) => Math.ceil((4 * value) / top)), /different intensities only/],
    };
    for (const [name, [given, message]] of Object.entries(bad)) {
      await assert.rejects(taken(given), { code: 'invalid-voxels', message }, name);
    }
  });

  it('refuses curves that brighten, shifted and scaled too', async () => {
    for (const curve of [
      (value: number) => Math.log1p(value),
      (value: number) => 40 * Math.log1p(value) - 90,
    ]) {
      await assert.rejects(taken(withBrain(cohort, curve)), { message: /as in none of those/ });
    }
  });

  it('takes what is between well and refused with an issue that says in what', async () => {
    const { issues } = await taken(withBrain(cohort, (value) => value ** 1.5));
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['unlike-training'],
    );
    assert.match(
      issues[0].message,
      /farther from what the model learned from .* than scans that are known to be well/,
    );
    assert.match(issues[0].message, /dark, middle and bright/);
  });

  it('knows few gray levels though resampling has mixed them', async () => {
    const random = makeRandom(8);
    const step = top / 4;
    const mixed = withBrain(
      cohort,
      (value) => Math.ceil(value / step) * step + 0.01 * step * random.normal(),
    );
    await assert.rejects(taken(mixed), { message: /a few levels of intensity only/ });
  });

  it('counts gray levels: 16 are refused, 48 doubted, 8 bits pass', async () => {
    const quantized = (levels: number): ImageCohort =>
      withBrain(cohort, (value) => (top / levels) * Math.min(levels, Math.ceil((levels * value) / top)));
    await assert.rejects(taken(quantized(16)), { message: /has 1\d different intensities only/ });
    const { issues } = await taken(quantized(48));
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['unlike-training'],
    );
    assert.match(issues[0].message, /different intensities only, as labels have, or scans of few bits/);
    assert.deepEqual(await codes(quantized(255)), []);
    // z-scores that were rounded to whole numbers.
    const whole = withBrain(cohort, (value) => Math.round((value - top / 2) / (top / 5)));
    await assert.rejects(taken(whole), { message: /different intensities only/ });
  });

  it('counts them before pixels of another size mix them', () => {
    const levels = (count: number): Volume => ({
      data: Float32Array.from({ length: 4000 }, (_, i) => 1 + (i % count)),
      mask: new Uint8Array(4000).fill(1),
    });
    assert.throws(() => noticeFewLevels(learned, levels(16), 'anna'), {
      code: 'invalid-voxels',
      message: /the scan "anna" is unlike .* 16 different intensities only/,
    });
    assert.deepEqual(
      noticeFewLevels(learned, levels(40), 'anna').map(({ code }) => code),
      ['unlike-training'],
    );
    assert.deepEqual(noticeFewLevels(learned, levels(100), 'anna'), []);
    assert.deepEqual(noticeFewLevels(undefined, levels(16), 'anna'), []);
    // A rim of mixed values hides nothing: 95 % count.
    const { data, mask } = levels(16);
    const rim = data.map((value, i) => (i % 25 === 0 ? value + Math.sin(i) : value));
    assert.throws(() => noticeFewLevels(learned, { data: rim, mask }, 'anna'), /different intensities only/);
  });

  it('says that gray levels are few beside other doubts of the slices, and once', async () => {
    const data = Float32Array.from({ length: 4000 }, (_, i) => 1 + (i % 40));
    const few = noticeFewLevels(learned, { data, mask: new Uint8Array(4000).fill(1) }, 'anna');
    const curved = (await taken(withBrain(cohort, (value) => value ** 1.5))).issues;
    assert.deepEqual(withFewLevels(curved, few), [...curved, ...few]);
    const step = top / 48;
    const quantized = withBrain(cohort, (value) => step * Math.min(48, Math.ceil(value / step)));
    const said = (await taken(quantized)).issues;
    assert.equal(withFewLevels(said, few), said);
  });

  it('doubts shading of one side where its own scans have none', async () => {
    const shaded = (factor: number): ImageCohort =>
      withBrain(cohort, (value, at) => value * factor ** ((at % 64) / 64));
    const even = { ...learned, reach: { ...learned.reach, signs: {} } };
    // Digital persons are shaded by their scanners, as no real one is.
    assert.deepEqual(await codes(shaded(1.6), even), []);
    const real = { ...shaded(1.6), provenance: [] };
    const { issues } = await taken(real, { ...even, people: { digital: 0, real: 3 } });
    assert.match(issues[0].message, /brighter on one side than on the other/);
  });

  it('measures that as the change over the width of the brain', () => {
    const cells = new Float64Array(576).fill(1);
    const values = cells.map((_, at) => 100 * 2 ** ((at % 24) / 23));
    const range = { low: 0, high: 200 };
    const pattern = { position: 0, cover: cells, values };
    assert.ok(Math.abs(leftRightShading([pattern], { plane: 'axial', range }) - Math.log(2)) < 1e-12);
    assert.ok(Number.isNaN(leftRightShading([pattern], { plane: 'sagittal', range })));
    assert.ok(Number.isNaN(leftRightShading([], { plane: 'axial', range })));
  });

  it('is never in doubt about its own scans, coarse ones either', async () => {
    for (const layout of [
      { size: 32, pixelSize: 6, slices: 4, first: 0, step: 12 },
      { size: 24, pixelSize: 8, slices: 3, first: 5, step: 15 },
    ]) {
      const { cohort: coarse } = await concord.simulateSlices({ ...layout, scanners, subjects: 2, seed: 12 });
      const own = await describeInput(coarse);
      assert.deepEqual((await taken(coarse, own)).issues, [], JSON.stringify(layout));
      // What it does not know is still found.
      const flat = withBrain(coarse, (value) => value ** 4);
      await assert.rejects(taken(flat, own), { code: 'invalid-voxels' });
    }
  });

  it('passes good scans of few slices, far apart and elsewhere', async () => {
    for (const layout of [
      { slices: 3, first: 5, step: 20 },
      { slices: 4, first: 22, step: 11 },
      { slices: 6, first: -30, step: 9 },
      { slices: 1, first: 20, step: 1 },
    ]) {
      const few = await concord.simulateSlices({
        ...geometry,
        ...layout,
        scanners: scanners.slice(2, 3),
        subjects: 1,
      });
      const found = await codes(few.cohort);
      assert.deepEqual(
        found.filter((code) => code !== 'beyond-training'),
        [],
        JSON.stringify(layout),
      );
    }
  });

  it('never takes a milder one for nothing: on digital persons it looks like a shift, which is said', async () => {
    assert.deepEqual(await codes(withBrain(cohort, (value) => value ** 0.3)), ['brought-to-training']);
  });

  it('notices a brain that was cut off', async () => {
    const { images } = cohort;
    const gone = (at: number): boolean => Math.floor(at / 64) % 64 < 16;
    const mask = images.mask?.map((value, at) => (gone(at) ? 0 : value));
    const data = images.data.map((value, at) => (gone(at) ? 0 : value));
    const cut = { ...cohort, images: { ...images, data, ...(mask && { mask }) } };
    assert.ok((await codes(cut)).includes('cut-brain'));
  });

  it('ends somewhere: slices beyond are counted, those with little brain fade into what they were', async () => {
    const whole = { size: 64, pixelSize: 3, slices: 13, first: -60, step: 11, seed: 4242 } as const;
    const made = await concord.simulateSlices({ ...whole, scanners: scanners.slice(2, 3), subjects: 1 });
    const { left, issues } = await taken(made.cohort);
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['beyond-training'],
    );
    // Slices from −60 to 72 mm, of which 0 to 44 were learned from, and half a step around them.
    // The last has no brain.
    assert.match(issues[0].message, /^7 of the 12 slices of .* are beyond/);
    assert.equal(left.get(0), 1);
    assert.equal(left.get(11), 1);
    assert.ok(!left.has(6));
    const one = withMadeImages(
      made.cohort,
      {
        values: new Float32Array(13 * 4096).fill(1),
        ranges: [{ low: 0, high: 10 }],
        from: [{ low: 0, high: 100 }],
        left: new Map([[0, 1]]),
      },
      { step: { step: 'made', options: {}, version: '' }, issues: [] },
    );
    const { images } = made.cohort;
    one.images.data.forEach((value, at) => {
      const wanted = at >= 4096 && images.mask?.[at] === 1 ? 10 : images.data[at] / 10;
      assert.ok(Math.abs(value - wanted) < 1e-3);
    });
  });

  it('knows slices by how much brain is in them', () => {
    const cover = (cells: number): Float64Array => new Float64Array(576).fill(1, 0, cells);
    const pattern = (position: number, cells: number) => ({
      position,
      cover: cover(cells),
      values: cover(0),
    });
    const of = [0, 10, 20].map((position) => ({ position, cover: Array.from(cover(200)), values: [] }));
    const looks = [{ suffix: 'T1w', slices: of }];
    const slices = [pattern(-20, 60), pattern(-10, 100), pattern(-1, 10), pattern(22, 10), pattern(32, 150)];
    const found = beyondLearned({ looks }, slices, { suffix: 'T1w', shift: 2 });
    assert.deepEqual([found.from, found.to, found.beyond], [2, 22, 3]);
    // Half of the brain: half way from 0.65 to 0.35.
    assert.deepEqual([...found.slight.keys()], [-20, -10]);
    assert.equal(found.slight.get(-20), 1);
    assert.ok(Math.abs((found.slight.get(-10) ?? 0) - 0.5) < 1e-12);
  });

  it('is stored with the model, and what was damaged is refused', () => {
    requireLearned(JSON.parse(JSON.stringify(learned)) as LearnedInput);
    for (const [part, damage] of Object.entries({
      people: { people: { digital: -1, real: 0 } },
      kinds: { kinds: [] },
      looks: { looks: [{ suffix: 'T1w', slices: [{ position: 0, cover: [1], values: [1] }] }] },
      reach: { reach: { ...learned.reach, roughness: [0] } },
      zero: { zero: 'lost' },
    })) {
      const wrong = { ...learned, ...damage } as unknown as LearnedInput;
      assert.throws(() => requireLearned(wrong), { code: 'malformed-model', message: new RegExp(part) });
    }
  });

  it('finds in the record what stood for no signal', () => {
    const step = (name: string, options: object): concord.ProvenanceStep =>
      ({ step: name, options, version: '' }) as concord.ProvenanceStep;
    const zScored = step('zScore', { learned: { mean: 300, sd: 150 } });
    assert.equal(zeroByRecord([zScored]), -2);
    const scaled = step('percentileScale', { range: [0, 1], learned: { intensities: [100, 500] } });
    assert.equal(zeroByRecord([scaled]), -0.25);
    assert.equal(zeroByRecord([zScored, zScored]), undefined);
    assert.equal(zeroByRecord([zScored, step('harmonizeVolumes', {})]), undefined);
    assert.equal(zeroByRecord([step('applyNyul', {})]), undefined);
  });
});
