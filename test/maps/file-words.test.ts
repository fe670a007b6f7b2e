import assert from 'node:assert/strict';
import { mixedFiles, otherThanModel } from '../../sdk/maps/doubts/file-words';
import type { MapNotes } from '../../sdk/io/volumes/surfaces/surface-map';
import type { SaidMap } from '../../sdk/maps/doubts/map-words';
import { sharedWords } from '../../sdk/maps/doubts/map-words';

/** What is said of files of these names, a scan each. */
function said(names: readonly string[], part = 'lh', isStack = false): readonly string[] {
  return mixedFiles(part, mapsNamed(names, { isStack })).map(({ message }) => message);
}

function mapsNamed(
  names: readonly string[],
  { isStack = false, notes = [] }: { readonly isStack?: boolean; readonly notes?: readonly MapNotes[] } = {},
): readonly SaidMap[] {
  return names.map((name, row) => ({ id: `s${row + 1}`, name, notes: notes.at(row), isStack }));
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
    // Both have 163,842 vertices.
    assert.deepEqual(said(['lh.sulc.fsaverage.mgh', 'sub-1.L.sulc_MSMAll.164k_fs_LR.shape.gii']), [
      'files of lh have names of several surfaces: fsaverage (1 scan: "s1"), fs_LR (1 scan: "s2")',
    ]);
    assert.deepEqual(said(['rh.stack.mgh', 'rh.stack.mgh'], 'lh', true), [
      'files of lh have names of the right hemisphere, such as rh.stack.mgh of "s1"',
    ]);
  });

  it('that say the same, or nothing, are not', () => {
    assert.deepEqual(said(['lh.thickness.fwhm10.fsaverage.mgh', 'sub-2.lh.thickness.fwhm10.mgh']), []);
    assert.deepEqual(said(['one.mgh', 'two.mgh', 'lh.three.mgh']), []);
    assert.deepEqual(said(['sub-left01.npy', 'sub-right02.npy', 'sub-thickness3.npy']), []);
    assert.deepEqual(said(['rh.mgh', 'rh.mgh'], 'cortex'), []);
    assert.deepEqual(said(['fwhm5.mgh', 'fwhm5.mgh'], 'lh', true), []);
  });
});

describe('metadata of files of maps', () => {
  const ofNotes = (notes: readonly MapNotes[], part: string, names = ['a.gii', 'b.gii']): readonly string[] =>
    mixedFiles(part, mapsNamed(names, { notes })).map(({ message }) => message);

  it('that say another hemisphere than the part or the name, several hemispheres, or tests, are noticed', () => {
    assert.deepEqual(ofNotes([{ hemisphere: 'right' }, { hemisphere: 'right' }], 'lh'), [
      'files of lh have metadata of the right hemisphere (AnatomicalStructurePrimary), such as a.gii of "s1"',
    ]);
    assert.deepEqual(ofNotes([{}, { hemisphere: 'right' }], 'thickness', ['a.gii', 'lh.b.gii']), [
      'files of thickness have metadata of the right hemisphere (AnatomicalStructurePrimary), such as lh.b.gii of "s2"',
    ]);
    assert.deepEqual(ofNotes([{ hemisphere: 'left' }, { hemisphere: 'right' }], 'cortex'), [
      'files of cortex have metadata of several hemispheres: left (1 scan: "s1"), right (1 scan: "s2")',
    ]);
    assert.deepEqual(ofNotes([{}, { statistic: 'z' }], 'cortex'), [
      'files of cortex have metadata of several statistics: none (1 scan: "s1"), z (1 scan: "s2")',
    ]);
    assert.deepEqual(ofNotes([{ hemisphere: 'left' }, {}], 'lh'), []);
  });
});

describe('what files say, held against those that a model was fitted on,', () => {
  const fitted = ['s1.lh.thickness.fwhm10.fsaverage.mgh', 's2.lh.thickness.fwhm10.fsaverage.mgh'];
  const against = (names: readonly string[], known = fitted): readonly string[] =>
    otherThanModel('lh', mapsNamed(names), sharedWords(mapsNamed(known))).map(({ message }) => message);

  it('is noticed where it is something else', () => {
    const end = ' than those that the model was fitted on: ';
    assert.deepEqual(against(['lh.thickness.fsaverage.mgh']), [
      `files of lh have names of another smoothing${end}none (1 scan: "s1"), where those have 10 mm`,
    ]);
    assert.deepEqual(against(['rh.area.fwhm5.mgh', 'lh.area.fwhm10.164k_fs_LR.mgh']), [
      `files of lh have names of another hemisphere${end}right (1 scan: "s1"), where those have left`,
      `files of lh have names of another measure${end}area (2 scans: "s1", "s2"), where those have thickness`,
      `files of lh have names of another smoothing${end}5 mm (1 scan: "s1"), where those have 10 mm`,
      `files of lh have names of another surface${end}fs_LR (1 scan: "s2"), where those have fsaverage`,
    ]);
    assert.deepEqual(against(['x_20mm.npy'], ['lh.thickness']), [
      `files of lh have names of another smoothing${end}20 mm (1 scan: "s1"), where those have none`,
    ]);
  });

  it('is not where either says nothing, or the maps that the model was fitted on were mixed', () => {
    assert.deepEqual(against(fitted), []);
    assert.deepEqual(against(['sub-7.mgh']), []);
    assert.deepEqual(against(fitted, ['one.mgh', 'two.mgh']), []);
    assert.deepEqual(against(['lh.thickness.mgh'], ['lh.thickness', 'lh.thickness.fwhm5']), []);
  });
});
