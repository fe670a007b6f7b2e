import assert from 'node:assert/strict';
import { imageSource } from '../../../sdk/data/images/memory-source';
import { ConcordError } from '../../../sdk/errors';
import { imageBatches } from '../../../sdk/nn/train/image-batches';
import { travelingImages } from '../../support/traveling-images';

const cohort = travelingImages([
  { subject: 'p', site: 'A' },
  { subject: 'q', site: 'A' },
  { subject: 'r', site: 'A' },
  { subject: 's', site: 'B' },
]);
const source = imageSource(cohort);
const area = 26 * 24;

function hasCode(code: string, said: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof ConcordError && error.code === code && said.test(error.message);
}

describe('imageBatches', () => {
  it('gives the images of the positions it names', async () => {
    const batches = imageBatches(source, { batchSize: 3, seed: 1 });
    const { positions, images, shape } = await batches(1);
    assert.deepEqual(shape, [3, 26, 24, 1]);
    positions.forEach((position, i) =>
      assert.deepEqual(
        images.subarray(i * area, (i + 1) * area),
        cohort.images.data.subarray(position * area, (position + 1) * area),
      ),
    );
    images.fill(0);
    assert.notDeepEqual((await batches(1)).images, images);
  });

  it('draws only among the images it is given, as many of each label, few scans at a time', async () => {
    const among = [...source.slices.keys()].filter((at) => source.slices[at].scan !== source.slices[0].scan);
    const balance = source.slices.map(({ scan }) => (scan === source.slices.at(-1)?.scan ? 'last' : 'other'));
    const batches = imageBatches(source, { batchSize: 4, seed: 1, among, balance });
    const drawn = new Map<number, number>();
    for (let step = 1; step <= among.length; step++) {
      const { positions, images } = await batches(step);
      positions.forEach((at, i) => {
        drawn.set(at, (drawn.get(at) ?? 0) + 1);
        assert.deepEqual(
          images.subarray(i * area, (i + 1) * area),
          cohort.images.data.subarray(at * area, (at + 1) * area),
        );
      });
    }
    assert.deepEqual(
      [...drawn.keys()].sort((a, b) => a - b),
      among,
    );
    const last = [...drawn].reduce((sum, [at, times]) => sum + (balance[at] === 'last' ? times : 0), 0);
    assert.equal(last, 2 * among.length);
    // Held out or not: a source that opens scans says how many it holds, and is heeded.
    const few = imageBatches({ ...source, scansAtOnce: 1 }, { batchSize: 1, seed: 1, among });
    const scans: string[] = [];
    for (let step = 1; step <= among.length; step++)
      scans.push(source.slices[(await few(step)).positions[0]].scan);
    const changes = scans.filter((scan, i) => i > 0 && scan !== scans[i - 1]).length;
    assert.equal(changes, new Set(scans).size - 1);
    // Two draws at a time share the two scans that it holds.
    const shared = imageBatches({ ...source, scansAtOnce: 2 }, { batchSize: 1, seed: 1, among, sharedBy: 2 });
    assert.deepEqual(await shared(5), await few(5));
  });

  it('gives the same batch, augmentation and all, to a run that was resumed', async () => {
    const options = { batchSize: 5, seed: 7, augment: { mirror: 0.5, rotation: 5, noise: 0.1 } };
    const batches = imageBatches(source, options);
    await batches(1);
    const fourth = await batches(4);
    assert.deepEqual(await imageBatches(source, options)(4), fourth);
    assert.notDeepEqual(await imageBatches(source, { ...options, seed: 8 })(4), fourth);
    const plain = await imageBatches(source, { batchSize: 5, seed: 7 })(4);
    assert.deepEqual(plain.positions, fourth.positions);
    assert.notDeepEqual(plain.images, fourth.images);
  });

  it('changes an image anew each time it comes', async () => {
    const batches = imageBatches(source, { batchSize: 8, seed: 2, augment: { noise: 1 } });
    const noiseOf = (images: Float32Array, place: number, position: number): number =>
      images[place * area] - cohort.images.data[position * area];
    const one = await batches(1);
    const two = await batches(2);
    const again = two.positions.indexOf(one.positions[0]);
    assert.notEqual(noiseOf(one.images, 0, one.positions[0]), noiseOf(two.images, again, one.positions[0]));
  });

  it('draws as much from each site when asked', async () => {
    const batches = imageBatches(source, { batchSize: 8, seed: 1, balance: 'sites' });
    for (let step = 1; step < 4; step++) {
      const { positions } = await batches(step);
      assert.equal(positions.filter((position) => position >= 6).length, 4);
    }
    const own = imageBatches(imageSource(cohort.images), {
      batchSize: 2,
      seed: 1,
      balance: ['x', 'y', 'y', 'y', 'y', 'y', 'y', 'y'],
    });
    assert.ok((await own(1)).positions.includes(0));
  });

  it('names scan and slice of a pixel that is no number', async () => {
    const data = cohort.images.data.slice();
    data[5 * area + 2 * 24 + 7] = NaN;
    const broken = imageSource({ ...cohort.images, data });
    await assert.rejects(
      imageBatches(broken, { batchSize: 8, seed: 1 })(1),
      hasCode('invalid-voxels', /NaN in scan "r_A_2", axial slice 4, row 2, column 7/),
    );
    const nameless = { count: 8, shape: [26, 24, 1] as const, read: broken.read.bind(broken) };
    await assert.rejects(
      imageBatches(nameless, { batchSize: 8, seed: 1 })(1),
      hasCode('invalid-voxels', /image 5, row 2/),
    );
  });

  it('refuses what makes no sense', async () => {
    const nameless = { count: 8, shape: [26, 24, 1] as const, read: source.read.bind(source) };
    const options = { batchSize: 2, seed: 1 };
    const throws = (make: () => unknown, said: RegExp, code = 'invalid-option'): void =>
      assert.throws(make, hasCode(code, said));
    throws(() => imageBatches(source, { batchSize: 0, seed: 1 }), /batchSize: 0/);
    throws(() => imageBatches({ ...nameless, count: 0 }, options), /no images/, 'too-little-data');
    throws(() => imageBatches(nameless, { ...options, balance: 'sites' }), /does not know the sites/);
    throws(() => imageBatches(source, { ...options, balance: ['a'] }), /1 labels .* for 8 images/);
    throws(() => imageBatches(nameless, { ...options, scansAtOnce: 2 }), /does not know the scans/);
    throws(() => imageBatches(source, { ...options, scansAtOnce: 0 }), /scansAtOnce: 0/);
    const sagittal = {
      ...source,
      slices: source.slices.map((slice) => ({ ...slice, plane: 'sagittal' as const })),
    };
    throws(() => imageBatches(sagittal, { ...options, augment: { mirror: 0.5 } }), /front and back/);
    await assert.rejects(imageBatches(source, options)(0), hasCode('invalid-option', /step: 0/));
  });
});
