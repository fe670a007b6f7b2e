import assert from 'node:assert/strict';
import { makeImageCohort, withImages } from '../../sdk/data/cohort';
import type { ImageSet } from '../../sdk/data/images/image-set';
import { makeImageSet } from '../../sdk/data/images/image-set';
import { makeParticipants } from '../../sdk/data/people/participants';
import { provenanceStep } from '../../sdk/data/provenance';
import { makeVolume } from '../../sdk/data/images/volume';
import { normalizeImages } from '../../sdk/intensity/normalize-images';
import { regionSettings } from '../../sdk/intensity/region';
import { zScoreMap } from '../../sdk/intensity/z-score';
import { fromSlices } from '../../sdk/preprocess/slices/from-slices';
import type { ToSlicesOptions } from '../../sdk/preprocess/slices/to-slices';
import { toSlices } from '../../sdk/preprocess/slices/to-slices';
import { gainedImages } from '../support/gained-scans';
import { tissueValues, tissueVolume } from '../support/tissue-values';

const step = { name: 'test', region: regionSettings({}), options: {}, run: {} };

describe('normalizeImages', () => {
  it('uses one map for all slices of a scan', async () => {
    const cohort = gainedImages();
    const after = await normalizeImages(cohort, step, zScoreMap);
    const size = 22 * 22;
    const [before, data] = [cohort.images.data, after.images.data];
    for (const scan of [0, 1, 2, 3]) {
      const own = [...Array(3 * size).keys()].filter((i) => before[3 * scan * size + i] !== 0);
      const at = own.map((i) => 3 * scan * size + i);
      const mean = at.reduce((sum, i) => sum + data[i], 0) / at.length;
      assert.ok(Math.abs(mean) < 1e-5);
      const i = at[10];
      const j = at[500];
      const k = at[1100];
      const ratio = (data[j] - data[i]) / (before[j] - before[i]);
      assert.ok(Math.abs((data[k] - data[i]) / (before[k] - before[i]) - ratio) < 1e-6);
    }
    assert.equal(data[0], 0);
    assert.equal(after.images.mask, cohort.images.mask);
    assert.deepEqual(after.subjects, cohort.subjects);
    assert.equal(after.provenance.at(-1)?.step, 'test');
    assert.deepEqual(after.issues, []);
  });
  it('learns from the middle one of several channels and maps them all', async () => {
    const one = await normalizeImages(gainedImages(), step, zScoreMap);
    const three = gainedImages(3);
    const { data, shape, slices, mask } = three.images;
    const marked = Float32Array.from(data, (value, i) => (i % 3 === 1 || value === 0 ? value : 2 * value));
    const cohort = withImages(
      three,
      makeImageSet(marked, shape, { slices, mask }),
      provenanceStep('mark', {}),
    );
    const after = await normalizeImages(cohort, step, zScoreMap);
    for (let pixel = 0; pixel < one.images.data.length; pixel++) {
      assert.equal(after.images.data[3 * pixel + 1], one.images.data[pixel]);
      if (data[3 * pixel] === 0) assert.equal(after.images.data[3 * pixel], 0);
    }
    assert.notEqual(after.images.data[3 * (22 + 5)], after.images.data[3 * (22 + 5) + 1]);
  });
  it('takes a slice through the same map in every channel, zeros in its mask included', async () => {
    const brain = tissueVolume(tissueValues(2000));
    const data = brain.data.map((value, at) => (at % 7 === 0 ? 0 : value));
    const volume = makeVolume(data, brain, { mask: brain.mask });
    const normalized = async (options: ToSlicesOptions): Promise<ImageSet> => {
      const images = toSlices(volume, { scan: 's', ...options });
      const cohort = makeImageCohort(makeParticipants(['s'], ['a']), images);
      return (await normalizeImages(cohort, step, zScoreMap)).images;
    };
    const one = fromSlices(await normalized({}), volume);
    assert.deepEqual(fromSlices(await normalized({ channels: 3 }), volume).data, one.data);

    const { data: some, slices } = await normalized({ channels: 3, at: { indices: [5, 6] } });
    assert.equal(slices.length, 2);
    for (let pixel = 0; pixel < 144; pixel++) {
      assert.equal(some[3 * pixel + 2], some[3 * (144 + pixel) + 1], 'slice 6 beside slice 5');
      assert.equal(some[3 * (144 + pixel)], some[3 * pixel + 1], 'slice 5 beside slice 6');
    }
    // Slice 4 is only seen beside slice 5: nothing tells its zeros from the background.
    const beside = some.filter((_, at) => at < 3 * 144 && at % 3 === 0);
    assert.ok(beside.some((value) => value !== 0));
    assert.ok(
      data.subarray(4 * 144, 5 * 144).some((value, at) => value === 0 && volume.mask?.[4 * 144 + at] === 1),
    );
    const zeros = (of: Float32Array): number => of.filter((value) => value === 0).length;
    assert.equal(zeros(beside), zeros(data.subarray(4 * 144, 5 * 144)));
  });
  it('passes on a scan it cannot learn from, and says so', async () => {
    const cohort = gainedImages();
    const { shape, slices, mask } = cohort.images;
    const data = Float32Array.from(cohort.images.data, (value, i) =>
      i < 3 * 484 && value !== 0 ? 7 : value,
    );
    const flat = withImages(cohort, makeImageSet(data, shape, { slices, mask }), provenanceStep('flat', {}));
    const after = await normalizeImages(flat, step, zScoreMap);
    assert.deepEqual(
      after.issues.map(({ code, where }) => [code, where.subject]),
      [['scan-not-normalized', 's0']],
    );
    assert.deepEqual(after.images.data.subarray(0, 3 * 484), data.subarray(0, 3 * 484));
    assert.notDeepEqual(after.images.data.subarray(3 * 484), data.subarray(3 * 484));
  });
  it('needs a mask, or to be told to do without', async () => {
    const cohort = gainedImages();
    const { data, shape, slices } = cohort.images;
    const bare = withImages(cohort, makeImageSet(data, shape, { slices }), provenanceStep('bare', {}));
    const without = await normalizeImages(bare, step, zScoreMap);
    assert.equal(without.issues.length, 4);
    assert.match(without.issues[0].suggestion, /region: "non-zero"/);
    const nonZero = { ...step, region: regionSettings({ region: 'non-zero' }) };
    const after = await normalizeImages(bare, nonZero, zScoreMap);
    assert.deepEqual(after.images.data, (await normalizeImages(cohort, step, zScoreMap)).images.data);
  });
  it('can be cancelled', async () => {
    const run = { signal: AbortSignal.abort() };
    await assert.rejects(normalizeImages(gainedImages(), { ...step, run }, zScoreMap), { code: 'aborted' });
  });
});
