import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { AffineRegistration } from '../../../sdk/data/images/affine-registration';
import { ConcordError } from '../../../sdk/errors';
import { loadRegistration, saveRegistration } from '../../../sdk/io/files/registration-file';
import { temporaryFolder } from '../../support/temporary-folder';

const registration: AffineRegistration = {
  kind: 'affine-registration',
  transform: 'rigid',
  matrix: [1, Math.PI / 50, 0, 1 / 3, 0, 0.9, 0.1, -2, 0, 0, 1, 1e-17, 0, 0, 0, 1],
  movingGrid: { shape: [3, 4, 5], affine: makeAffine([1, 2, 3]) },
  fixedGrid: { shape: [6, 7, 8], affine: makeAffine([2, 2, 2], [-1, -2, -3]) },
  metric: { name: 'normalized mutual information', before: 1.1, after: 1.3 },
  provenance: [],
};

const refuses =
  (code: string, text: string) =>
  (error: unknown): boolean =>
    error instanceof ConcordError && error.code === code && error.message.includes(text);

describe('saveRegistration and loadRegistration', () => {
  const folder = temporaryFolder();

  it('give back the same bits', async () => {
    const path = folder.path('to-template.json');
    await saveRegistration(registration, path);
    assert.deepEqual(await loadRegistration(path), registration);
    await assert.rejects(saveRegistration(registration, path), refuses('file-exists', 'to-template.json'));
    await saveRegistration({ ...registration, transform: 'affine' }, path, { overwrite: true });
    assert.equal((await loadRegistration(path)).transform, 'affine');
  });

  it('name the file that is damaged or missing', async () => {
    const damaged = folder.write('damaged.json', '{"kind": "affine-registration"');
    await assert.rejects(loadRegistration(damaged), refuses('malformed-model', 'damaged.json'));
    const other = folder.write('other.json', '{"kind": "combat"}');
    await assert.rejects(loadRegistration(other), refuses('malformed-model', 'other.json'));
    await assert.rejects(loadRegistration(folder.path('none.json')), refuses('unreadable-file', 'none.json'));
  });
});
