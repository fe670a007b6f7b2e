import assert from 'node:assert/strict';
import type { VolumeCohort } from '../../sdk/data/cohort';
import { makeVolumeCohort, withImages } from '../../sdk/data/cohort';
import { makeImageSet } from '../../sdk/data/images/image-set';
import { makeParticipants } from '../../sdk/data/people/participants';
import { provenanceStep } from '../../sdk/data/provenance';
import type { Scan } from '../../sdk/data/images/scan';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';
import { ConcordError } from '../../sdk/errors';
import { reorient } from '../../sdk/preprocess/reorient';
import { replaceSlices } from '../../sdk/preprocess/slices/replace-slices';
import { toImages } from '../../sdk/preprocess/to-images';
import { volumeOf } from './small-volume';

/** Scan number n: its voxels tell n and where they are. */
function scanOf(n: number, open?: () => Volume): Scan {
  const volume = (): Volume =>
    reorient(
      volumeOf([4, 3, 5], [2, 2, 2], (i, j, k) => 1000 * n + 100 * k + 10 * j + i),
      { to: n % 2 ? 'LPS' : 'RAS' },
    );
  return { id: `s${n}`, subject: `p${n % 2}`, open: () => Promise.resolve().then(open ?? volume) };
}

function cohortOf(scans: readonly Scan[]): VolumeCohort {
  const sites = scans.map((_, n) => `site${n % 2}`);
  return makeVolumeCohort(
    makeParticipants(
      scans.map(({ id }) => id),
      sites,
    ),
    scans,
  );
}

const refuses = (code: string) => (error: unknown) => error instanceof ConcordError && error.code === code;

describe('toImages', () => {
  it('cuts every scan and keeps who is who', async () => {
    const cohort = cohortOf([0, 1, 2].map((n) => scanOf(n)));
    const images = await toImages(cohort, { at: { indices: [1, 3] } });
    assert.deepEqual(images.images.shape, [6, 3, 4, 1]);
    assert.deepEqual(
      images.images.slices.map(({ scan, index }) => `${scan} ${index}`),
      ['s0 1', 's0 3', 's1 1', 's1 3', 's2 1', 's2 3'],
    );
    assert.deepEqual(images.subjects, ['p0', 'p1', 'p0']);
    assert.deepEqual(images.participants.sites, ['site0', 'site1', 'site0']);
    assert.deepEqual([...images.images.data.subarray(36, 40)], [1320, 1321, 1322, 1323]);
    assert.equal(images.images.data.length, 72);
    assert.deepEqual(images.provenance.at(-1)?.options, {
      plane: 'axial',
      at: { indices: [1, 3] },
      channels: 1,
      center: 'grid',
    });
  });

  it('leaves out scans that cannot be used, with an issue, and throws when strict or when none is left', async () => {
    const broken = scanOf(1, () => {
      throw new ConcordError('malformed-image', 'the file is truncated');
    });
    const large = scanOf(2, () => volumeOf([9, 9, 9], [1, 1, 1], () => 0));
    const masked = scanOf(3, () => {
      const { data, shape, affine } = volumeOf([4, 3, 5], [2, 2, 2], () => 0);
      return makeVolume(data, { shape, affine }, { mask: new Uint8Array(60) });
    });
    const cohort = cohortOf([scanOf(0), broken, large, masked, scanOf(4)]);
    const images = await toImages(cohort);
    assert.deepEqual(images.participants.ids, ['s0', 's4']);
    assert.deepEqual(
      images.issues.map(({ code, where }) => `${code} ${where.subject}`),
      ['unusable-scan s1', 'unusable-scan s2', 'unusable-scan s3'],
    );
    await assert.rejects(toImages(cohort, { strict: true }), refuses('malformed-image'));
    await assert.rejects(toImages(cohortOf([broken])), refuses('too-little-data'));
  });

  it('grows when later scans have more slices, and can be cancelled', async () => {
    const deep = (n: number): Scan => scanOf(n, () => volumeOf([4, 3, 5 * (n + 1)], [1, 1, 1], () => n));
    const images = await toImages(cohortOf([0, 1, 2, 3].map(deep)));
    assert.deepEqual(images.images.shape, [50, 3, 4, 1]);
    assert.deepEqual(
      [0, 59, 60, 180, 359, 360, 599].map((at) => images.images.data[at]),
      [0, 0, 1, 2, 2, 3, 3],
    );
    const controller = new AbortController();
    const progress: number[] = [];
    const run = toImages(cohortOf([0, 1, 2, 3].map(deep)), {
      signal: controller.signal,
      onProgress: ({ done }) => {
        progress.push(done);
        if (done === 2) controller.abort();
      },
    });
    await assert.rejects(run, refuses('aborted'));
    assert.deepEqual(progress, [1, 2]);
  });
});

describe('replaceSlices', () => {
  it('writes slices back into the volumes, each in its own orientation, when they are opened', async () => {
    let opened = 0;
    const scans = [0, 1, 2].map((n) => {
      const scan = scanOf(n);
      return {
        ...scan,
        open: () => {
          opened++;
          return scan.open();
        },
      };
    });
    const cohort = cohortOf(scans);
    const cut = await toImages(cohort, { at: { indices: [2] } });
    const brighter = makeImageSet(
      cut.images.data.map((value) => value + 0.5),
      cut.images.shape,
      cut.images,
    );
    const harmonized = withImages(cut, brighter, provenanceStep('harmonize', { how: 'a half more' }));
    opened = 0;
    const result = replaceSlices(cohort, harmonized);
    assert.equal(opened, 0);
    for (const n of [0, 1, 2]) {
      const before = await scans[n].open();
      const after = await result.scans[n].open();
      assert.deepEqual(after.affine, before.affine);
      after.data.forEach((value, at) => {
        const inSlice = Math.floor(before.data[at] / 100) % 10 === 2;
        assert.equal(value, before.data[at] + (inSlice ? 0.5 : 0));
      });
      assert.deepEqual(
        after.provenance.slice(-4).map(({ step }) => step),
        ['toImages', 'harmonize', 'replaceSlices', 'fromSlices'],
      );
    }
    assert.equal(result.provenance.at(-1)?.step, 'replaceSlices');
    const digests = result.provenance.at(-1)?.options['slices'] as Readonly<Record<string, string>>;
    assert.deepEqual(Object.keys(digests), ['s0', 's1', 's2']);
    assert.equal(new Set(Object.values(digests)).size, 3);
    const [first] = (await result.scans[1].open()).provenance.slice(-2);
    assert.deepEqual(first.options, { slices: digests['s1'] });
    assert.deepEqual(replaceSlices(cohort, harmonized).provenance, result.provenance);
    const others = replaceSlices(cohort, cut).provenance.at(-1)?.options['slices'];
    assert.notEqual((others as Readonly<Record<string, string>>)['s1'], digests['s1']);
  });

  it('leaves out scans without slices and refuses slices without a scan', async () => {
    const cohort = cohortOf([0, 1, 2].map((n) => scanOf(n)));
    const two = await toImages(cohortOf([scanOf(2), scanOf(0)]));
    const result = replaceSlices(cohort, two);
    assert.deepEqual(result.participants.ids, ['s0', 's2']);
    const volume = await result.scans[1].open();
    assert.equal(volume.data[0], 2000);
    assert.throws(() => replaceSlices(cohortOf([scanOf(0)]), two), refuses('invalid-option'));
  });
});
