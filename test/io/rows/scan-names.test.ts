import assert from 'node:assert/strict';
import { scanName } from '../../../sdk/io/rows/scan-names';

describe('names of scans', () => {
  it('say who was scanned, and in which session', () => {
    const persons = {
      'sub-01_T1w': ['sub-01', undefined],
      'sub-01_ses-02_acq-mprage_run-1_T1w.nii.gz': ['sub-01', '02'],
      'sub-01_ses-02': ['sub-01', '02'],
      'sub-01_run-2': ['sub-01', undefined],
      'sub-01_ses-02.long.sub-01': ['sub-01', '02'],
      'OAS2_0001_MR1.long.OAS2_0001': ['OAS2_0001', undefined],
    };
    for (const [id, [person, session]] of Object.entries(persons))
      assert.deepEqual(scanName(id), { person, session }, id);
  });

  it('are not ids of persons, nor names of another kind', () => {
    for (const id of [
      'sub-01',
      '01_T1w',
      'sub-01_02',
      'sub-A_B',
      'sub-01_site-KCL',
      'sub-01_PD',
      'T1w',
      'IXI002-Guys-0828-T1',
    ])
      assert.equal(scanName(id), undefined, id);
  });
});
