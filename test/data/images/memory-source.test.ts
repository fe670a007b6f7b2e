import assert from 'node:assert/strict';
import { imageSource } from '../../../sdk/data/images/memory-source';
import { imageSites } from '../../../sdk/data/images/slice-source';
import { ConcordError } from '../../../sdk/errors';
import { travelingImages } from '../../support/traveling-images';

const cohort = travelingImages([
  { subject: 'p', site: 'A' },
  { subject: 'p', site: 'B', offset: 1 },
]);

describe('imageSource', () => {
  it('reads images in the order asked for, in an array of its own', async () => {
    const source = imageSource(cohort);
    assert.deepEqual([source.count, source.shape], [4, [26, 24, 1]]);
    const read = await source.read([3, 0, 3]);
    const image = (position: number): Float32Array =>
      cohort.images.data.slice(position * 26 * 24, (position + 1) * 26 * 24);
    assert.deepEqual(read, Float32Array.from([...image(3), ...image(0), ...image(3)]));
    const before = cohort.images.data[0];
    read.fill(99);
    assert.equal(cohort.images.data[0], before);
  });

  it('knows the site of each image', () => {
    assert.deepEqual(imageSites(imageSource(cohort)), ['A', 'A', 'B', 'B']);
    const { slices } = imageSource(cohort.images);
    const strangers = { slices: [{ ...slices[0], scan: 'x' }], participants: cohort.participants };
    assert.throws(
      () => imageSites(strangers),
      (error) =>
        error instanceof ConcordError && error.code === 'unknown-column' && error.message.includes('"x"'),
    );
  });

  it('refuses images that are not there', async () => {
    for (const position of [-1, 4, 0.5, NaN]) {
      await assert.rejects(
        imageSource(cohort).read([0, position]),
        (error) => error instanceof ConcordError && error.code === 'invalid-option',
      );
    }
  });
});
