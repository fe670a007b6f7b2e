import assert from 'node:assert/strict';
import { makeAffine } from '../../sdk/data/images/affine';
import type { VolumeCohort } from '../../sdk/data/cohort';
import { makeVolumeCohort } from '../../sdk/data/cohort';
import { makeParticipants } from '../../sdk/data/people/participants';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';
import { imageSites } from '../../sdk/data/images/slice-source';
import { ConcordError } from '../../sdk/errors';
import { makeRandom } from '../../sdk/math/random';
import { imageBatches } from '../../sdk/nn/train/image-batches';
import { toImages } from '../../sdk/preprocess/to-images';
import { volumeSource } from '../../sdk/preprocess/volume-source';

function volume(seed: number, shape: Volume['shape'] = [6, 7, 5], broken = -1): Volume {
  const random = makeRandom(seed);
  const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () => random.uniform());
  if (broken >= 0) data[broken] = Infinity;
  return makeVolume(data, { shape, affine: makeAffine([1, 1, 1]) });
}

/** A cohort whose scans note when they are opened. */
function cohortOf(volumes: readonly Volume[]): { readonly cohort: VolumeCohort; readonly opened: string[] } {
  const opened: string[] = [];
  const ids = volumes.map((_, i) => `s${i}`);
  const scans = volumes.map((content, i) => ({
    id: ids[i],
    subject: `person ${i}`,
    open: () => {
      opened.push(ids[i]);
      return Promise.resolve(content);
    },
  }));
  const sites = ids.map((_, i) => (i % 2 === 0 ? 'A' : 'B'));
  return { cohort: makeVolumeCohort(makeParticipants(ids, sites), scans), opened };
}

const eight = Array.from({ length: 8 }, (_, i) => volume(i));
const options = { size: 8, at: { indices: [1, 2, 3] }, channels: 3 } as const;
/** The bytes of the three slices of a scan. */
const perScan = 3 * 8 * 8 * 3 * 4;

describe('volumeSource', () => {
  it('reads what toImages cuts, in any order, without opening a scan again while all fit', async () => {
    const { cohort, opened } = cohortOf(eight);
    const all = await toImages(cohort, options);
    opened.length = 0;
    const source = await volumeSource(cohort, options);
    assert.deepEqual([source.count, source.shape, source.scansAtOnce], [24, [8, 8, 3], undefined]);
    assert.deepEqual(source.slices, all.images.slices);
    assert.deepEqual(imageSites(source).slice(0, 4), ['A', 'A', 'A', 'B']);
    assert.equal(source.subjects[7], 'person 7');
    const positions = [23, 0, 5, 4, 3, 23];
    const size = 8 * 8 * 3;
    const expected = positions.flatMap((at) => [...all.images.data.subarray(at * size, (at + 1) * size)]);
    assert.deepEqual([...(await source.read(positions))], expected);
    assert.equal(opened.length, 8);
  });

  it('opens each scan once per epoch where they do not all fit', async () => {
    const { cohort, opened } = cohortOf(eight);
    const source = await volumeSource(cohort, { ...options, cacheBytes: 2.5 * perScan });
    assert.equal(source.scansAtOnce, 2);
    const opensPerEpoch = async (scansAtOnce?: number): Promise<number> => {
      const batches = imageBatches(source, { batchSize: 3, seed: 5, scansAtOnce });
      const seen = new Set<number>();
      opened.length = 0;
      for (let step = 1; step <= 8; step++) for (const at of (await batches(step)).positions) seen.add(at);
      assert.equal(seen.size, 24);
      return opened.length;
    };
    // Two may be there from before.
    const opens = await opensPerEpoch();
    assert.ok(opens >= 6 && opens <= 8, `${opens}`);
    assert.ok((await opensPerEpoch(8)) > 12);
  });

  it('keeps the slices that were asked for last, and opens once for several who ask at the same time', async () => {
    const { cohort, opened } = cohortOf(eight);
    const source = await volumeSource(cohort, { ...options, cacheBytes: 2 * perScan });
    await source.read([0, 3]);
    opened.length = 0;
    await source.read([1]);
    await source.read([6]);
    await source.read([2]);
    assert.deepEqual(opened, ['s2']);
    await Promise.all([source.read([3]), source.read([4, 5])]);
    assert.deepEqual(opened, ['s2', 's1']);
    const none = await volumeSource(cohort, { ...options, cacheBytes: 0 });
    assert.equal(none.scansAtOnce, 1);
    assert.deepEqual(await none.read([4]), await source.read([4]));
  });

  it('leaves out scans that cannot be used, and says why', async () => {
    const { cohort } = cohortOf([
      volume(1),
      volume(2, [9, 9, 5]),
      volume(3, [6, 7, 5], 6 * 7 * 2 + 6 * 3 + 4),
      volume(4),
    ]);
    const source = await volumeSource(cohort, { at: { indices: [2, 3] } });
    assert.deepEqual(source.participants.ids, ['s0', 's3']);
    assert.equal(source.count, 4);
    assert.deepEqual(
      source.issues.map(({ code, where }) => [code, where.subject]),
      [
        ['unusable-scan', 's1'],
        ['unusable-scan', 's2'],
      ],
    );
    assert.match(source.issues[1].message, /Infinity in scan "s2", axial slice 2, row 3, column 4/);
    const alone = await volumeSource(cohortOf([volume(4)]).cohort, { at: { indices: [2, 3] } });
    assert.deepEqual(await source.read([2, 3]), await alone.read([0, 1]));
    await assert.rejects(
      volumeSource(cohortOf([volume(1, [6, 7, 5], 0)]).cohort),
      (error) => error instanceof ConcordError && error.code === 'too-little-data',
    );
    await assert.rejects(
      volumeSource(cohort, { strict: true }),
      (error) => error instanceof ConcordError && error.code === 'different-grids',
    );
  });

  it('notices a scan that changed, and tries again one that could not be opened', async () => {
    const { cohort } = cohortOf(eight);
    let content: Volume | undefined = eight[0];
    const scan = {
      ...cohort.scans[0],
      open: () =>
        content === undefined
          ? Promise.reject(new ConcordError('unreadable-file', 'cannot read it'))
          : Promise.resolve(content),
    };
    const changing = makeVolumeCohort(cohort.participants, [scan, ...cohort.scans.slice(1)]);
    const source = await volumeSource(changing, { cacheBytes: 0 });
    content = volume(1, [6, 7, 4]);
    await assert.rejects(source.read([0]), /scan "s0" has changed/);
    content = undefined;
    await assert.rejects(source.read([0]), /cannot read it/);
    content = eight[0];
    assert.equal((await source.read([0])).length, 42);
  });
});
