import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { makeAffine } from '../../../sdk/data/images/affine';
import { makeVolume } from '../../../sdk/data/images/volume';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import type { ScanGrid } from '../../../sdk/io/volumes/coarse-scans';
import { coarseScans } from '../../../sdk/io/volumes/coarse-scans';
import { loadVolumes } from '../../../sdk/io/volumes/load-volumes';
import { writeVolume } from '../../../sdk/io/volumes/write-volume';
import { temporaryFolder } from '../../support/temporary-folder';

const grids = (
  ...scans: readonly (readonly [site: string, spacing: ScanGrid['spacing'], suffix?: string])[]
): readonly ScanGrid[] =>
  scans.map(([site, spacing, suffix = 'T1w'], at) => ({ id: `s${at}`, site, spacing, suffix }));

const said = (scans: readonly ScanGrid[]): readonly string[] =>
  coarseScans(scans).map(({ message }) => message);

describe('coarse scans', () => {
  const folder = temporaryFolder();

  it('are noticed in the headers of a dataset and of a list of files', async () => {
    const entries = [];
    for (const [at, thickness] of [1, 5, 1].entries()) {
      const place = folder.path(`data/sub-0${at}/anat`);
      mkdirSync(place, { recursive: true });
      const file = `${place}/sub-0${at}_T1w.nii`;
      const data = Float32Array.from({ length: 27 }, (_, voxel) => voxel + at);
      await writeVolume(makeVolume(data, { shape: [3, 3, 3], affine: makeAffine([1, 1, thickness]) }), file);
      entries.push({ id: `sub-0${at}`, site: 'A', file });
    }
    writeFileSync(folder.path('data/dataset_description.json'), '{"Name":"thick","BIDSVersion":"1.10.0"}');
    for (const { issues } of [
      await loadBids(folder.path('data'), { site: { name: 'A' } }),
      await loadVolumes(entries),
    ])
      assert.deepEqual(
        issues.filter(({ code }) => code === 'coarse-scans').map(({ where }) => where.subject),
        ['sub-01'],
      );
  });

  it('are named where others of their kind have voxels half as long', () => {
    const fine = [1, 1, 1.2] as const;
    assert.deepEqual(said(grids(['A', fine], ['A', [1, 1, 5]], ['B', fine], ['A', fine])), [
      '1 scan of "A" is much coarser than others: "s1" (s1: voxels of 1 × 1 × 5 mm, s0: of 1 × 1 × 1.2 mm)',
    ]);
    // Of two scans.
    assert.equal(said(grids(['A', [1, 1, 5]], ['A', fine])).length, 1);
    // A whole site, and the larger one.
    const thick = [5, 1, 1] as const;
    assert.deepEqual(said(grids(['A', thick], ['A', thick], ['A', thick], ['B', fine], ['B', [1, 1.3, 1]])), [
      '3 scans of "A" are much coarser than others: "s0", "s1", "s2" (s0: voxels of 5 × 1 × 1 mm, s3: of 1 × 1 × 1.2 mm)',
    ]);
  });

  it('are none where all are alike, where the difference is small, or of another contrast', () => {
    assert.deepEqual(said([]), []);
    assert.deepEqual(said(grids(['A', [1, 1, 5]], ['B', [1, 1, 5]])), []);
    assert.deepEqual(said(grids(['A', [1, 1, 1]], ['B', [0.9, 0.9, 1.5]])), []);
    assert.deepEqual(said(grids(['A', [1, 1, 1]], ['A', [1, 1, 5], 'FLAIR'], ['B', [1, 1, 5], 'FLAIR'])), []);
  });
});
