import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { AffineRegistration } from '../../../sdk/data/images/affine-registration';
import type { Volume, VolumeHeader } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import { readVolumeHeader } from '../../../sdk/io/volumes/read-volume';
import { writeVolume } from '../../../sdk/io/volumes/write-volume';
import {
  applyRegistration,
  invertRegistration,
} from '../../../sdk/preprocess/registration/apply-registration';
import { temporaryFolder } from '../../support/temporary-folder';
import { volumeOf } from '../small-volume';

const native = volumeOf([4, 5, 6], [2, 2, 2], (i, j, k) => i + 10 * j + 100 * k);
const header: VolumeHeader = {
  format: 'nifti1',
  datatype: 'int16',
  slope: 1,
  intercept: 0,
  sformCode: 1,
  qformCode: 1,
  qform: makeAffine([2, 2, 2]),
  frames: 1,
  frame: 0,
  description: 'of a scanner',
};
const scan: Volume = makeVolume(native.data, native, { header });
const registration: AffineRegistration = {
  kind: 'affine-registration',
  transform: 'rigid',
  matrix: makeAffine([1, 1, 1], [4, 0, 0]),
  movingGrid: { shape: [4, 5, 6], affine: makeAffine([2, 2, 2]) },
  fixedGrid: { shape: [6, 5, 6], affine: makeAffine([2, 2, 2]) },
  metric: { name: 'normalized mutual information', before: 1.1, after: 1.3 },
  provenance: [],
};
const toMni: AffineRegistration = { ...registration, spaces: { moving: 1, fixed: 4 } };

/** The codes of a header, and whether the old affine is still in it. */
function codesOf(volume: Pick<Volume, 'header'>): readonly unknown[] {
  const { sformCode, qformCode, qform, description } = volume.header ?? {};
  return [sformCode, qformCode, qform === undefined, description];
}

describe('applyRegistration', () => {
  const folder = temporaryFolder();

  it('names the space that the result lies in, there and back', () => {
    const moved = applyRegistration(toMni, scan);
    assert.deepEqual(codesOf(moved), [4, 4, true, 'of a scanner']);
    assert.equal(moved.data[2], native.data[0]);
    const back = applyRegistration(toMni, moved, { inverse: true });
    assert.deepEqual(codesOf(back), [1, 1, true, 'of a scanner']);
    const inverse = invertRegistration(toMni);
    assert.deepEqual(inverse.spaces, { moving: 4, fixed: 1 });
    assert.deepEqual(codesOf(applyRegistration(inverse, moved)), codesOf(back));
    assert.deepEqual(codesOf(scan), [1, 1, false, 'of a scanner'], 'what came in is as it was');
  });

  it('calls a space that is not known aligned, and invents no header', () => {
    assert.deepEqual(codesOf(applyRegistration(registration, scan)).slice(0, 2), [2, 2]);
    const unknown = { ...registration, spaces: { moving: 1, fixed: 0 } };
    assert.deepEqual(codesOf(applyRegistration(unknown, scan)).slice(0, 2), [2, 2]);
    assert.equal(applyRegistration(toMni, native).header, undefined);
    assert.ok(!('spaces' in invertRegistration(registration)));
  });

  it('is written with the code of that space', async () => {
    const path = folder.path('moved.nii');
    await writeVolume(applyRegistration(toMni, scan), path);
    const { header: written } = await readVolumeHeader(path);
    assert.deepEqual([written?.sformCode, written?.qformCode], [4, 4]);
  });
});
