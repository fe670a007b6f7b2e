import assert from 'node:assert/strict';
import { mixedFiles } from '../../sdk/maps/file-words';

/** What is said of files of these names, a scan each. */
function said(names: readonly string[], part = 'lh', stacked = false): readonly string[] {
  const scans = names.map((name, row) => ({
    id: `s${row + 1}`,
    from: [`/study/s${row + 1}/${name}`],
    frames: [stacked ? row : undefined],
    to: [],
  }));
  return mixedFiles(scans, [part]).map(({ message }) => message);
}

describe('names of files of maps', () => {
  it('that say another smoothing, measure or hemisphere are noticed', () => {
    assert.deepEqual(
      said([
        'lh.thickness.fwhm10.fsaverage.mgh',
        'lh.thickness.fsaverage.mgh',
        'lh.thickness.fwhm0.fsaverage.mgh',
      ]),
      ['files of lh have names of several smoothings: none (2 scans: "s2", "s3"), 10 mm (1 scan: "s1")'],
    );
    assert.deepEqual(said(['lh.thickness.fsaverage.mgh', 'lh.area.fsaverage.mgh', 'lh.area.fsaverage.mgh']), [
      'files of lh have names of several measures: area (2 scans: "s2", "s3"), thickness (1 scan: "s1")',
    ]);
    assert.deepEqual(said(['sub-1_hemi-L_thickness.shape.gii', 'sub-2_hemi-R_thickness.shape.gii'], 'left'), [
      'files of left have names of several hemispheres: left (1 scan: "s1"), right (1 scan: "s2")',
    ]);
    assert.deepEqual(said(['sub-1.R.thickness.32k_fs_LR.shape.gii', 'rh.thickness'], 'lh'), [
      'files of lh have names of the right hemisphere, such as sub-1.R.thickness.32k_fs_LR.shape.gii of "s1"',
    ]);
    assert.deepEqual(said(['a_native_rms_rsl_tlink_30mm_left.npy', 'b_native_rms_rsl_tlink_20mm_left.npy']), [
      'files of lh have names of several smoothings: 30 mm (1 scan: "s1"), 20 mm (1 scan: "s2")',
    ]);
  });

  it('that say the same, or nothing, are not, and neither are stacks', () => {
    assert.deepEqual(said(['lh.thickness.fwhm10.fsaverage.mgh', 'sub-2.lh.thickness.fwhm10.mgh']), []);
    assert.deepEqual(said(['one.mgh', 'two.mgh', 'lh.three.mgh']), []);
    assert.deepEqual(said(['sub-left01.npy', 'sub-right02.npy', 'sub-thickness3.npy']), []);
    assert.deepEqual(said(['rh.mgh', 'rh.mgh'], 'cortex'), []);
    assert.deepEqual(said(['rh.fwhm5.mgh', 'rh.fwhm5.mgh'], 'lh', true), []);
  });
});
