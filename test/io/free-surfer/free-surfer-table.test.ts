import assert from 'node:assert/strict';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { rejectsWith } from '../rejects-with';
import { temporaryFolder } from '../../support/temporary-folder';

// The layout of aparcstats2table and asegstats2table (FreeSurfer 7), with made-up values.
const lh = [
  'lh.aparc.thickness\tlh_bankssts_thickness\tlh_cuneus_thickness\tlh_MeanThickness_thickness\tBrainSegVolNotVent\teTIV',
  'sub-01\t2.43\t1.873\t2.41\t1104012.0\t1483250.5',
  'sub-02\t2.51\t1.902\t2.46\t1204012.0\t1583250.5',
];
const rh = [
  'rh.aparc.thickness\trh_bankssts_thickness\tBrainSegVolNotVent\teTIV',
  'sub-01\t2.6\t1104012.0\t1483250.5',
  'sub-02\t2.7\t1204012.0\t1583250.5',
];
const people = 'participant_id\tsite\tage\nsub-01\tA\t30\nsub-02\tB\t40\n';

describe('loadTable on tables made by FreeSurfer', () => {
  const folder = temporaryFolder();

  it('reads aparcstats2table: ids from the first column, regions as features', async () => {
    const participants = folder.write('participants.tsv', people);
    const cohort = await loadTable(folder.write('lh.txt', `${lh.join('\n')}\n`), {
      participants,
      covariates: ['age', { name: 'eTIV', unit: 'mm^3' }],
    });
    assert.deepEqual(cohort.participants.ids, ['sub-01', 'sub-02']);
    assert.deepEqual(cohort.features.features, [
      'lh_bankssts_thickness',
      'lh_cuneus_thickness',
      'lh_MeanThickness_thickness',
    ]);
    const etiv = cohort.participants.covariates[1];
    assert.deepEqual(etiv.kind === 'continuous' && [...etiv.values], [1483250.5, 1583250.5]);
    assert.ok(
      cohort.issues.some(({ message }) =>
        message.includes('"BrainSegVolNotVent" is not used: it describes the whole head'),
      ),
    );
  });

  it('reads the tables of both hemispheres side by side', async () => {
    const both = lh.map((line, at) => `${line}\t${rh[at]}`).join('\n');
    const participants = folder.write('participants.tsv', people);
    const cohort = await loadTable(folder.write('both.txt', both), { participants, covariates: ['eTIV'] });
    assert.deepEqual(cohort.features.features, [
      'lh_bankssts_thickness',
      'lh_cuneus_thickness',
      'lh_MeanThickness_thickness',
      'rh_bankssts_thickness',
    ]);
    assert.deepEqual([...cohort.features.values], [2.43, 1.873, 2.41, 2.6, 2.51, 1.902, 2.46, 2.7]);
  });

  it('refuses hemispheres whose rows are not of the same subjects', async () => {
    const swapped = [rh[0], rh[2], rh[1]];
    const path = folder.write('swapped.txt', lh.map((line, at) => `${line}\t${swapped[at]}`).join('\n'));
    const participants = folder.write('participants.tsv', people);
    await rejectsWith(loadTable(path, { participants }), {
      code: 'malformed-table',
      says: ['row 2', '"rh.aparc.thickness"', '"sub-02"', '"sub-01"', 'same order'],
    });
  });

  it('reads asegstats2table, comma-separated as well', async () => {
    const participants = folder.write('participants.tsv', people);
    const text =
      'Measure:volume\tLeft-Hippocampus\tBrainSegVol\tMaskVol-to-eTIV\nsub-01\t4012.3\t1.1e6\t1.02\nsub-02\t3999.9\t1.2e6\t1.03\n';
    for (const contents of [text, text.replaceAll('\t', ',')]) {
      const cohort = await loadTable(folder.write('aseg.table', contents), { participants });
      assert.deepEqual(cohort.features.features, ['Left-Hippocampus', 'BrainSegVol']);
      assert.match(JSON.stringify(cohort.issues), /MaskVol-to-eTIV.*it is a ratio to the whole head/);
    }
  });

  it('asks for the site when no participants are given', async () => {
    await rejectsWith(loadTable(folder.write('lh.txt', lh.join('\n'))), {
      code: 'unknown-column',
      says: ['"site"', 'lh.txt', 'participants'],
    });
  });
});
