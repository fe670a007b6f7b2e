import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { datasetParticipants, participantCalled } from '../../../sdk/cli/slurm/dataset-participants';
import { temporaryFolder } from '../../support/temporary-folder';

describe('participants whose labels differ in leading zeros', () => {
  const folder = temporaryFolder();
  const labels = async (...subjects: string[]): Promise<readonly string[]> => {
    const { participants } = await datasetParticipants(
      folder.path('raw'),
      subjects.length === 0 ? {} : { subjects },
    );
    return participants.map(({ label }) => label);
  };

  before(() => {
    for (const label of ['01', '001', '02']) {
      mkdirSync(folder.path(`raw/sub-${label}/anat`), { recursive: true });
      folder.write(`raw/sub-${label}/anat/sub-${label}_T1w.nii.gz`, '');
    }
    folder.write('raw/dataset_description.json', '{"Name":"zeros","BIDSVersion":"1.10.0"}');
  });

  it('are two: each is chosen by its own label, with sub- and without', async () => {
    assert.deepEqual(await labels(), ['001', '01', '02']);
    assert.deepEqual(await labels('01'), ['01']);
    assert.deepEqual(await labels('sub-001'), ['001']);
    assert.deepEqual(await labels('001', '01'), ['001', '01']);
  });

  it('are found without the zeros where one is meant, and named where several may be', async () => {
    assert.deepEqual(await labels('2'), ['02']);
    await assert.rejects(labels('1'), /several subjects in .* may be meant by "1": "001", "01"/);
    const { participants } = await datasetParticipants(folder.path('raw'), {});
    assert.equal(participantCalled(participants, 'sub-01').label, '01');
    assert.equal(participantCalled(participants, '2').label, '02');
    assert.throws(() => participantCalled(participants, '1'), /unknown participant to be measured: "1"/);
  });
});
