import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageSource } from '../../../sdk/data/images/memory-source';
import { ConcordError } from '../../../sdk/errors';
import { openImages } from '../../../sdk/io/images/open-images';
import { saveImages } from '../../../sdk/io/images/save-images';
import { temporaryFolder } from '../../support/temporary-folder';
import { travelingImages } from '../../support/traveling-images';

const cohort = travelingImages([
  { subject: 'p', site: 'A' },
  { subject: 'q', site: 'A', gain: 2 },
  { subject: 'p', site: 'B', offset: 1 },
]);

function hasCode(code: string, said: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof ConcordError && error.code === code && said.test(error.message);
}

describe('openImages', () => {
  const folder = temporaryFolder();

  it('reads the same images as from memory, in any order', async () => {
    const path = folder.path('slices');
    await saveImages(cohort, path);
    const open = await openImages(path);
    const memory = imageSource(cohort);
    assert.deepEqual([open.count, open.shape, open.slices], [6, [26, 24, 1], memory.slices]);
    assert.deepEqual(open.participants, cohort.participants);
    assert.deepEqual(open.subjects, ['p', 'q', 'p']);
    for (const positions of [[0, 1, 2, 3, 4, 5], [5, 1, 2, 0, 0], [4], []]) {
      assert.deepEqual(await open.read(positions), await memory.read(positions));
    }
    await assert.rejects(open.read([6]), hasCode('invalid-option', /6 \(0 to 5/));
    await open.close();
    await assert.rejects(open.read([0]), hasCode('unreadable-file', /closed/));
    await open.close();
  });

  it('reads at several places at once', async () => {
    const path = folder.path('several');
    await saveImages(cohort, path);
    const open = await openImages(path);
    const reads = await Promise.all([0, 1, 2, 3, 4, 5].map((position) => open.read([position])));
    assert.deepEqual(Float32Array.from(reads.flatMap((image) => [...image])), cohort.images.data);
    await open.close();
  });

  it('says what is wrong with the folder', async () => {
    await assert.rejects(openImages(folder.path('nowhere')), hasCode('unreadable-file', /no such file/));
    const path = folder.path('damaged');
    await saveImages(cohort, path);
    const open = await openImages(path);
    truncateSync(join(path, 'images.npy'), 5000);
    await assert.rejects(open.read([5]), hasCode('unreadable-file', /became shorter/));
    await open.close();
    await assert.rejects(openImages(path), hasCode('malformed-image', /has 5000 bytes and needs/));
    const record = join(path, 'images.json');
    const json = JSON.parse(readFileSync(record, 'utf8')) as { slices: unknown[] };
    json.slices.pop();
    writeFileSync(record, JSON.stringify(json));
    await assert.rejects(openImages(path), hasCode('malformed-image', /5 slices for a shape of 6/));
  });
});
