import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import { makeVolumeCohort, takeSubjects } from '../../../sdk/data/cohort';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { provenanceStep } from '../../../sdk/data/provenance';
import type { Scan } from '../../../sdk/data/images/scan';
import { streamVolumes } from '../../../sdk/math/images/stream-volumes';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume, requireMask, sameGrid, withVolume } from '../../../sdk/data/images/volume';
import { ConcordError } from '../../../sdk/errors';
import { preprocess } from '../../../sdk/preprocess/preprocess';

const grid = { shape: [2, 3, 4] as const, affine: makeAffine([1, 2, 3]) };

function smallVolume(value = 1): Volume {
  return makeVolume(new Float32Array(24).fill(value), grid);
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ConcordError && error.code === code;
}

/** A cohort whose scan `broken` cannot be opened; counts how many volumes are asked for. */
function cohortOf(ids: readonly string[], opened: string[] = []): ReturnType<typeof makeVolumeCohort> {
  const scans = ids.map((id, row): Scan => ({
    id,
    subject: id,
    open: () => {
      opened.push(id);
      if (id === 'broken') {
        return Promise.reject(new ConcordError('malformed-image', 'truncated file: broken.nii.gz'));
      }
      return Promise.resolve(smallVolume(row + 1));
    },
  }));
  return makeVolumeCohort(
    makeParticipants(
      ids,
      ids.map(() => 'A'),
    ),
    scans,
  );
}

describe('volume', () => {
  it('refuses sizes that do not fit and singular affines', () => {
    const data = new Float32Array(24);
    assert.deepEqual(makeVolume(data, grid).spacing, [1, 2, 3]);
    assert.throws(() => makeVolume(new Float32Array(23), grid), hasCode('invalid-option'));
    assert.throws(() => makeVolume(data, grid, { mask: new Uint8Array(3) }), hasCode('invalid-option'));
    assert.throws(
      () => makeVolume(data, { ...grid, affine: makeAffine([1, 0, 1]) }),
      hasCode('invalid-option'),
    );
    assert.throws(() => makeVolume(data, { ...grid, shape: [2, 3, 4.5] }), hasCode('invalid-option'));
  });

  it('keeps mask and history through a step and leaves the old one as it was', () => {
    const before = makeVolume(new Float32Array(24), grid, { mask: new Uint8Array(24).fill(1) });
    const after = withVolume(before, { data: new Float32Array(24).fill(5) }, provenanceStep('five', {}));
    assert.equal(after.mask, before.mask);
    assert.deepEqual(
      after.provenance.map(({ step }) => step),
      ['five'],
    );
    assert.deepEqual([before.data[0], before.provenance.length], [0, 0]);
  });

  it('says how to get a mask where one is required', () => {
    assert.throws(() => requireMask(smallVolume(), 'z-score'), /z-score requires a brain mask .*brainMask/);
  });

  it('compares grids to a thousandth of a voxel', () => {
    const moved = (by: number): { shape: typeof grid.shape; affine: readonly number[] } => ({
      ...grid,
      affine: makeAffine([1, 2, 3], [by, 0, 0]),
    });
    assert.ok(sameGrid(grid, moved(0.0005)));
    assert.ok(!sameGrid(grid, moved(0.01)));
  });
});

describe('volume cohort', () => {
  it('opens nothing until asked, goes on after a scan that cannot be had, and names it', async () => {
    const opened: string[] = [];
    const doubled = preprocess(cohortOf(['one', 'broken', 'three'], opened), [
      {
        name: 'double',
        options: { by: 2 },
        run: (volume) =>
          withVolume(volume, { data: volume.data.map((value) => 2 * value) }, provenanceStep('double', {})),
      },
    ]);
    assert.deepEqual(opened, []);
    assert.deepEqual(doubled.provenance[0].options, { by: 2 });
    const seen: number[] = [];
    const { rows, issues } = await streamVolumes(doubled, (volume) => void seen.push(volume.data[0]));
    assert.deepEqual(
      [seen, rows, opened],
      [
        [2, 6],
        [0, 2],
        ['one', 'broken', 'three'],
      ],
    );
    assert.equal(issues.length, 1);
    assert.equal(issues[0].code, 'unusable-scan');
    assert.match(issues[0].message, /broken: truncated file: broken\.nii\.gz/);
  });

  it('throws at the first such scan when strict, and when cancelled', async () => {
    const cohort = cohortOf(['one', 'broken']);
    await assert.rejects(
      streamVolumes(cohort, () => undefined, { strict: true }),
      hasCode('malformed-image'),
    );
    const abort = new AbortController();
    await assert.rejects(
      streamVolumes(cohort, () => abort.abort(), { signal: abort.signal }),
      hasCode('aborted'),
    );
  });

  it('takes subjects with their scans', () => {
    const taken = takeSubjects(cohortOf(['one', 'two', 'three']), [2, 0]);
    assert.deepEqual(
      [taken.participants.ids, taken.scans.map(({ id }) => id)],
      [
        ['three', 'one'],
        ['three', 'one'],
      ],
    );
  });
});
