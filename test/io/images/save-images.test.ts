import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeSubjects } from '../../../sdk/data/cohort';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { ConcordError } from '../../../sdk/errors';
import { loadImages } from '../../../sdk/io/images/load-images';
import { saveImages } from '../../../sdk/io/images/save-images';
import { temporaryFolder } from '../../support/temporary-folder';
import { travelingImages } from '../../support/traveling-images';

const plain = travelingImages([
  { subject: 'p', site: 'A' },
  { subject: 'p', site: 'B', offset: 1 },
]);
const cohort = {
  ...plain,
  participants: makeParticipants(
    plain.participants.ids,
    plain.participants.sites,
    [continuous('age', [31.5, NaN], 'years'), categorical('sex', [null, 'F'], ['F', 'M'])],
    { persons: plain.participants.persons },
  ),
};

function hasCode(code: string, said = ''): (error: unknown) => boolean {
  return (error) => error instanceof ConcordError && error.code === code && error.message.includes(said);
}

/** A record to be altered. */
type Altered = Record<string, unknown> & {
  readonly slices: Record<string, unknown>[];
  readonly grids: Record<string, unknown>[];
  participants: Record<string, unknown> | undefined;
};

describe('a folder of images', () => {
  const folder = temporaryFolder();

  it('gives back the same cohort', async () => {
    const path = folder.path('slices');
    await saveImages(cohort, path);
    assert.deepEqual(readdirSync(path).sort(), ['images.json', 'images.npy', 'mask.npy']);
    assert.deepEqual(await loadImages(path), cohort);
  });

  it('holds arrays as numpy writes them', async () => {
    const path = folder.path('numpy');
    await saveImages(takeSubjects(cohort, [0]), path);
    const bytes = readFileSync(join(path, 'images.npy'));
    // The header that numpy 2.4.6 writes for an array of this type and shape, up to its padding.
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 26, 24, 1), }";
    assert.equal(bytes.toString('latin1', 1, 6), 'NUMPY');
    assert.equal(bytes.toString('latin1', 10, 10 + header.length), header);
    const start = 10 + bytes.readUInt16LE(8);
    assert.equal(start % 64, 0);
    assert.equal(bytes.readFloatLE(start), cohort.images.data[0]);
    assert.equal(bytes.length, start + 4 * 2 * 26 * 24);
  });

  it('is never replaced unasked, and nothing else is replaced at all', async () => {
    const path = folder.path('kept');
    await saveImages(cohort, path);
    await assert.rejects(saveImages(cohort, path), hasCode('file-exists'));
    await saveImages(takeSubjects(cohort, [1]), path, { overwrite: true });
    assert.deepEqual((await loadImages(path)).participants.ids, [cohort.participants.ids[1]]);
    const other = folder.path('thesis');
    mkdirSync(other);
    writeFileSync(join(other, 'chapter-1.txt'), 'years of work');
    await assert.rejects(saveImages(cohort, other, { overwrite: true }), hasCode('invalid-option', 'thesis'));
    assert.deepEqual(readdirSync(other), ['chapter-1.txt']);
    await assert.rejects(saveImages(cohort, folder.path('no/such/place')), hasCode('unwritable-file'));
    assert.deepEqual(
      readdirSync(folder.path('.')).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('says what is wrong with it', async () => {
    const path = folder.path('damaged');
    await saveImages(cohort, path);
    truncateSync(join(path, 'mask.npy'), 200);
    await assert.rejects(loadImages(path), hasCode('malformed-image', 'mask.npy'));
    await saveImages(cohort, path, { overwrite: true });
    writeFileSync(join(path, 'images.npy'), 'text');
    await assert.rejects(loadImages(path), hasCode('malformed-image', 'not in the format of NumPy'));
    await saveImages(cohort, path, { overwrite: true });
    const record = join(path, 'images.json');
    writeFileSync(record, readFileSync(record, 'utf8').replace('"shape":[4,', '"shape":[3,'));
    await assert.rejects(loadImages(path), hasCode('malformed-image', '4 slices for a shape of 3'));
    writeFileSync(record, '{"kind":"other"}');
    await assert.rejects(loadImages(path), hasCode('malformed-image', 'kind'));
    await assert.rejects(loadImages(folder.path('nowhere')), hasCode('unreadable-file'));
  });

  it('names the part of its record that is missing or out of bounds', async () => {
    const path = folder.path('altered');
    await saveImages(cohort, path);
    const record = join(path, 'images.json');
    const whole = readFileSync(record, 'utf8');
    const cases: readonly (readonly [change: (json: Altered) => void, says: string])[] = [
      [({ slices }) => delete slices[2]['position'], 'slice 2 lacks its position'],
      [({ slices }) => (slices[1]['position'] = null), 'slice 1 lacks its position'],
      [({ slices }) => (slices[1]['position'] = '4'), 'slice 1 has the position "4"'],
      [({ slices }) => (slices[0]['scan'] = -1), 'slice 0 names scan -1'],
      [({ slices }) => (slices[0]['grid'] = 0.5), 'grid 0.5'],
      [({ slices }) => (slices[0]['index'] = 1e9), 'slice 0 has the index 1000000000'],
      [({ slices }) => (slices[0]['plane'] = 'oblique'), 'the plane "oblique"'],
      [({ slices }) => (slices[3]['offset'] = [0]), 'the offset of slice 3'],
      [({ grids }) => (grids[0]['shape'] = [1e6, 1e6, 1e6]), 'the shape of grid 0'],
      [({ grids }) => (grids[0]['shape'] = [2.5, 3, 4]), 'the shape of grid 0'],
      [({ grids }) => (grids[0]['affine'] = [1, 0]), 'the affine of grid 0'],
      [({ participants: people = {} }) => (people['ids'] = [1, 2]), 'entry 0 of the ids'],
      [({ participants: people = {} }) => (people['suffixes'] = []), '0 suffixes'],
      [(json) => (json['shape'] = [4, 26, 24]), 'its shape'],
      [(json) => (json['masked'] = 'yes'), 'its masked'],
      [(json) => (json.participants = undefined), 'its participants'],
      [(json) => (json['provenance'] = [{}]), 'provenance'],
    ];
    for (const [change, says] of cases) {
      const json = JSON.parse(whole) as Altered;
      change(json);
      writeFileSync(record, JSON.stringify(json));
      await assert.rejects(loadImages(path), hasCode('malformed-image', says), says);
    }
    writeFileSync(record, `{"kind":"concord-images","deep":${'['.repeat(9e5)}${']'.repeat(9e5)}}`);
    await assert.rejects(loadImages(path), hasCode('malformed-image', 'within each other'));
  });
});
