import assert from 'node:assert/strict';
import { makeAffine } from '../../sdk/data/images/affine';
import type { SliceRecord } from '../../sdk/data/images/image-set';
import { makeParticipants } from '../../sdk/data/people/participants';
import type { CohortSource } from '../../sdk/data/images/slice-source';
import * as concord from '../../sdk/index';

const perScan = 64;
const size = 64;
const pixels = size * size;

/** 1 MB of slices a scan, each made when it is read: a bright square whose place and brightness vary with slice and site. */
function madeWhenRead(scans: number): CohortSource {
  const ids = Array.from({ length: scans }, (_, scan) => `P${scan}`);
  const grid = { shape: [size, size, perScan] as const, affine: makeAffine([3, 3, 2]) };
  const slices = ids.flatMap((scan) =>
    Array.from({ length: perScan }, (_, index): SliceRecord => {
      return { scan, plane: 'axial', index, position: 2 * index, offset: [0, 0], grid };
    }),
  );
  return {
    kind: 'image-source',
    count: slices.length,
    shape: [size, size, 1],
    slices,
    participants: makeParticipants(
      ids,
      ids.map((_, scan) => (scan % 2 === 0 ? 'A' : 'B')),
    ),
    subjects: ids,
    suffixes: ids.map(() => 'T1w'),
    provenance: [],
    issues: [],
    read: (positions) => {
      const images = new Float32Array(positions.length * pixels);
      Array.from(positions).forEach((position, i) => {
        const scan = Math.floor(position / perScan);
        for (let row = 16; row < 32; row++) {
          const from = i * pixels + (row + (position % 16)) * size + 20;
          for (let at = from; at < from + 16; at++) images[at] = 1 + (scan % 2) + (at % 7) / 7;
        }
      });
      return Promise.resolve(images);
    },
  };
}

describe('DDAE and the memory', () => {
  it('never reads more than a share of the images at once', async () => {
    await concord.useBackend();
    const source = madeWhenRead(12);
    let most = 0;
    const read = (positions: ArrayLike<number>): Promise<Float32Array> => {
      most = Math.max(most, positions.length);
      return source.read(positions);
    };
    await concord.fitDdae({ ...source, read }, { size: 'tiny', steps: 1, batchSize: 16, heldOut: 0.1 });
    assert.ok(most >= 16 && most <= 256, `${most} of ${source.count} slices at once`);
  });

  it('learns from 1 GB of images in less than a quarter of that [long]', async function () {
    await concord.useBackend();
    const source = madeWhenRead(1024);
    const bytes = 4 * pixels * source.count;
    assert.equal(bytes, 2 ** 30);
    const before = process.memoryUsage().rss;
    let most = 0;
    const onProgress = (): void => void (most = Math.max(most, process.memoryUsage().rss - before));
    await concord.fitDdae(source, { size: 'tiny', steps: 3, batchSize: 16, heldOut: 0.01, onProgress });
    assert.ok(most > 0 && most < bytes / 4, `${(most / 2 ** 20).toFixed(0)} MB more than before`);
  });
});
