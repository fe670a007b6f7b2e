import assert from 'node:assert/strict';
import type { VolumeCohort } from '../../../sdk/index';
import * as sdk from '../../../sdk/index';
import { cutAlike } from '../../../sdk/preprocess/slices/cut-alike';

const scanners = sdk.phantoms.scannerPreset('seven-site').filter(({ site }) => 'siteA siteE'.includes(site));

function withOpen(cohort: VolumeCohort, open: (volume: sdk.Volume, row: number) => sdk.Volume): VolumeCohort {
  const scans = cohort.scans.map((scan, row) => ({
    ...scan,
    open: async () => open(await scan.open(), row),
  }));
  return sdk.makeVolumeCohort(cohort.participants, scans);
}

describe('cutAlike', () => {
  const { cohort } = sdk.simulateVolumeCohort({
    scanners,
    subjects: 2,
    traveling: true,
    spacing: 6,
    masked: true,
  });
  const options = { count: 3, size: 32 };

  it('cuts the same places before and after, in the mask before, as toSlices does', async () => {
    const after = withOpen(cohort, (volume) => ({
      ...volume,
      data: volume.data.map((value) => 2 * value),
      mask: undefined,
    }));
    const { before, after: made } = await cutAlike(cohort, after, options);
    assert.deepEqual(before.images.shape, [12, 32, 32, 1]);
    assert.deepEqual(before.images.slices, made.images.slices);
    assert.deepEqual(before.images.mask, made.images.mask);
    assert.deepEqual(
      made.images.data,
      before.images.data.map((value) => 2 * value),
    );
    const [{ index }] = before.images.slices;
    const volume = await cohort.scans[0].open();
    const [, , , pixel] = [0, 0, 0, (await cutAlike(cohort, after, { ...options, pixelSize: 6 })).before];
    const wanted = sdk.volumes.toSlices(sdk.volumes.applyMask(volume), {
      at: { indices: [index] },
      size: 32,
      fill: 0,
    });
    assert.deepEqual(pixel.images.data.subarray(0, 32 * 32), wanted.data);
  });

  it('takes the brain of the first scan whole, and what is not 0 where there is no mask', async () => {
    const bare = withOpen(cohort, (volume) => ({ ...volume, mask: undefined }));
    const { before } = await cutAlike(bare, bare, options);
    const { mask } = before.images;
    const edge = Array.from({ length: 12 * 32 }, (_, i) => [mask?.[32 * i], mask?.[32 * i + 31]]).flat();
    assert.ok(edge.every((value) => value === 0) && mask?.includes(1));
  });

  it('cuts the brain whole where it is far from the middle of the grid', async () => {
    const near = sdk.takeSubjects(cohort, [0]);
    // 20 voxels more on the left.
    const wider = withOpen(near, (volume) =>
      sdk.volumes.cropPad(volume, { shape: [volume.shape[0] + 40, volume.shape[1], volume.shape[2]] }),
    );
    const off = withOpen(wider, (volume) => {
      const [nx] = volume.shape;
      const moved = <Values extends Float32Array | Uint8Array>(values: Values): Values =>
        values.map((_, at) => (at % nx < nx - 20 ? values[at + 20] : 0)) as Values;
      return { ...volume, data: moved(volume.data), mask: volume.mask && moved(volume.mask) };
    });
    const sizes = { ...options, pixelSize: 6 };
    const [wanted, found] = await Promise.all([near, off].map((given) => cutAlike(given, given, sizes)));
    const brain = (images: sdk.ImageSet): number => images.mask?.reduce((sum, value) => sum + value, 0) ?? 0;
    assert.equal(brain(found.before.images), brain(wanted.before.images));
  });

  it('masks what was resampled, so that nothing at the rim is half brain and half 0', async () => {
    const even = withOpen(cohort, (volume) => ({
      ...volume,
      data: new Float32Array(volume.data.length).fill(7),
    }));
    const { before } = await cutAlike(even, even, { ...options, pixelSize: 7 });
    const { data, mask } = before.images;
    assert.ok(data.every((value, at) => Math.abs(value - (mask?.[at] === 1 ? 7 : 0)) < 1e-5));
  });

  it('refuses another grid, naming the scan, and leaves out pairs that cannot be read', async () => {
    const coarse = withOpen(cohort, (volume, row) =>
      row === 1 ? sdk.volumes.resample(volume, { spacing: 8 }) : volume,
    );
    await assert.rejects(cutAlike(cohort, coarse, options), (error: sdk.ConcordError) => {
      assert.equal(error.code, 'different-grids');
      assert.ok(error.problem.includes(cohort.participants.ids[1]));
      return true;
    });
    const broken = withOpen(cohort, (volume, row) => {
      if (row === 2) throw new sdk.ConcordError('unreadable-file', 'cannot read it');
      return volume;
    });
    const { before, after } = await cutAlike(cohort, broken, options);
    assert.equal(before.participants.ids.length, 3);
    assert.deepEqual(after.participants.ids, before.participants.ids);
    assert.deepEqual(
      before.issues.map(({ code, where }) => [code, where.subject]),
      [['unusable-scan', cohort.participants.ids[2]]],
    );
  });
});
