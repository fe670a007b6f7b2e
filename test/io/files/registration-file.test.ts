import { readFileSync } from 'node:fs';
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

/** A registration to be altered. */
interface Altered {
  readonly movingGrid: Record<string, unknown>;
  readonly fixedGrid: Record<string, unknown>;
  readonly matrix: (number | null)[];
  readonly metric: Record<string, unknown>;
  provenance: unknown;
}

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

  it('refuse sizes beyond all measure, numbers that are missing, and what is nested without end', async () => {
    const path = folder.path('whole.json');
    await saveRegistration(registration, path);
    const whole = readFileSync(path, 'utf8');
    const cases: readonly (readonly [change: (json: Altered) => void, says: string])[] = [
      [({ movingGrid }) => (movingGrid['shape'] = [1e6, 1e6, 1e6]), 'more voxels than fit into memory'],
      [({ fixedGrid }) => (fixedGrid['shape'] = [2, 2]), 'the shape of its fixedGrid has 2 numbers, not 3'],
      [({ matrix }) => (matrix[5] = null), 'number 6 of 16 of its matrix is missing'],
      [({ matrix }) => (matrix[12] = 1), 'a last row of 0, 0, 0, 1'],
      [(json) => (json.provenance = ['step']), 'its provenance'],
      [({ metric }) => (metric['after'] = null), 'its metric'],
    ];
    for (const [change, says] of cases) {
      const json = JSON.parse(whole) as Altered;
      change(json);
      const altered = folder.write('altered.json', JSON.stringify(json));
      await assert.rejects(loadRegistration(altered), refuses('malformed-model', says), says);
    }
    const infinite = folder.write('infinite.json', whole.replace(/"after": [\d.]+/, '"after": 1e999'));
    await assert.rejects(loadRegistration(infinite), refuses('malformed-model', 'its metric'));
    const deep = folder.write('deep.json', `${'{"a":'.repeat(5e5)}1${'}'.repeat(5e5)}`);
    await assert.rejects(loadRegistration(deep), refuses('malformed-model', 'within each other'));
    const large = folder.write('large.json', `"${' '.repeat(17 << 20)}"`);
    await assert.rejects(loadRegistration(large), refuses('malformed-model', 'at most 16777216 are read'));
  });
});
