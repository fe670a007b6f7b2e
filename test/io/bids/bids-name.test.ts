import assert from 'node:assert/strict';
import { formatBidsName, parseBidsName, sameLabel } from '../../../sdk/io/bids/bids-name';
import { scanIds } from '../../../sdk/io/bids/scan-ids';

const idsOf = (files: readonly string[]): readonly string[] =>
  scanIds(files.map((file) => parseBidsName(file) ?? assert.fail(file)));

describe('names of BIDS files', () => {
  it('are taken apart and put together again', () => {
    const file = 'sub-01_ses-A_acq-mprage_rec-norm_run-2_space-MNI152_desc-preproc_T1w.nii.gz';
    const name = parseBidsName(file);
    assert.ok(name);
    assert.deepEqual([...name.entities.keys()], ['sub', 'ses', 'acq', 'rec', 'run', 'space', 'desc']);
    assert.equal(name.suffix, 'T1w');
    assert.equal(name.extension, '.nii.gz');
    assert.equal(formatBidsName(name), file);
  });

  it('list their entities in the order of the standard, whatever order they had', () => {
    const name = parseBidsName('sub-1_desc-x_odd-7_run-1_ses-2_T1w.nii');
    assert.ok(name);
    assert.equal(formatBidsName(name), 'sub-1_ses-2_run-1_odd-7_desc-x_T1w.nii');
  });

  it('may be a little off the standard', () => {
    assert.equal(parseBidsName('SUB-01_acq-0.8mm_T1w.NII.GZ')?.entities.get('acq'), '0.8mm');
    assert.equal(parseBidsName('sub-01_acq-mp-rage_T1w.nii')?.entities.get('acq'), 'mp-rage');
    assert.equal(parseBidsName('T1w.json')?.entities.size, 0);
    for (const other of ['sub-01.nii.gz', 'sub-01_odd_T1w.nii', 'sub-01_T1w.mgz', 'sub-01_.nii', 'README']) {
      assert.equal(parseBidsName(other), undefined, other);
    }
  });

  it('are compared as numbers where they are numbers', () => {
    assert.ok(sameLabel('1', '01'));
    assert.ok(!sameLabel('1', '10'));
    assert.ok(!sameLabel('A1', 'A01'));
  });
});

describe('ids of scans', () => {
  it('are as short as they can be, and alike for all', () => {
    assert.deepEqual(idsOf(['sub-01_T1w.nii', 'sub-02_T1w.nii']), ['sub-01', 'sub-02']);
    assert.deepEqual(idsOf(['sub-01_ses-A_run-1_T1w.nii', 'sub-02_ses-B_run-1_T1w.nii']), [
      'sub-01',
      'sub-02',
    ]);
    assert.deepEqual(idsOf(['sub-01_ses-A_T1w.nii', 'sub-01_ses-B_T1w.nii', 'sub-02_ses-A_T1w.nii']), [
      'sub-01_ses-A',
      'sub-01_ses-B',
      'sub-02_ses-A',
    ]);
    assert.deepEqual(idsOf(['sub-01_ses-A_T1w.nii', 'sub-01_ses-A_T2w.nii', 'sub-02_ses-A_T1w.nii']), [
      'sub-01_T1w',
      'sub-01_T2w',
      'sub-02_T1w',
    ]);
    assert.deepEqual(
      idsOf(['sub-01_acq-x_run-1_T1w.nii', 'sub-01_acq-y_run-1_T1w.nii', 'sub-01_acq-y_run-2_T1w.nii']),
      ['sub-01_acq-x_run-1', 'sub-01_acq-y_run-1', 'sub-01_acq-y_run-2'],
    );
  });

  it('drop a part that a later one makes needless', () => {
    assert.deepEqual(
      idsOf(['sub-1_acq-x_run-1_T1w.nii', 'sub-1_acq-y_run-2_T1w.nii', 'sub-1_acq-y_run-3_T1w.nii']),
      ['sub-1_run-1', 'sub-1_run-2', 'sub-1_run-3'],
    );
  });
});
