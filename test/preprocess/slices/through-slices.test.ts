/* eslint-disable @typescript-eslint/require-await -- what changes slices is async, also where a test's is done at once */
import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { ImageSet } from '../../../sdk/data/images/image-set';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import { provenanceStep } from '../../../sdk/data/provenance';
import { makeRandom } from '../../../sdk/math/random';
import { reorient } from '../../../sdk/preprocess/reorient';
import { changedVoxel } from '../../../sdk/preprocess/slices/change-on-grid';
import type { ThroughSlicesOptions } from '../../../sdk/preprocess/slices/through-slices';
import { throughSlices } from '../../../sdk/preprocess/slices/through-slices';
import { toSlices } from '../../../sdk/preprocess/slices/to-slices';

const step = provenanceStep('doubled', {});

/** Random voxels, a box of brain out of the middle, in voxels of 3 × 3 × 2 mm. */
function offCenter(codes = 'RAS'): Volume {
  const nx = 20;
  const ny = 22;
  const nz = 9;
  const random = makeRandom(1);
  const data = Float32Array.from({ length: nx * ny * nz }, () => random.normal() + 5);
  const mask = new Uint8Array(data.length);
  for (let k = 2; k < 7; k++) {
    for (let j = 9; j < 21; j++) mask.fill(1, 1 + nx * (j + ny * k), 13 + nx * (j + ny * k));
  }
  const volume = makeVolume(data, { shape: [nx, ny, nz], affine: makeAffine([3, 3, 2]) }, { mask });
  return reorient(volume, { to: codes });
}

const options = (change: Partial<ThroughSlicesOptions> = {}): ThroughSlicesOptions => ({
  scan: 'sub-01',
  plane: 'axial',
  pixelSize: [3, 3],
  size: [12, 12],
  channels: 1,
  step,
  ...change,
});

describe('slices around the brain', () => {
  for (const plane of ['axial', 'coronal', 'sagittal'] as const) {
    it(`stand with it in their middle (${plane})`, () => {
      const volume = offCenter();
      const { mask, shape } = toSlices(volume, { plane, size: 16, center: 'mask', at: { count: 1 } });
      const [, height, width] = shape;
      const rows: number[] = [];
      const columns: number[] = [];
      mask?.forEach((inside, at) => {
        if (inside === 0) return;
        rows.push(Math.floor(at / width) % height);
        columns.push(at % width);
      });
      for (const found of [rows, columns]) {
        const center = (Math.min(...found) + Math.max(...found)) / 2;
        assert.ok(Math.abs(center - 7.5) <= 0.5, String(center));
      }
    });
  }
});

describe('a volume by its slices', () => {
  for (const codes of ['RAS', 'LPI', 'ASR']) {
    for (const channels of [1, 3] as const) {
      it(`gets them back in its own grid (${codes}, ${channels} channels), and stays as it is outside the brain`, async () => {
        const volume = offCenter(codes);
        const seen: number[] = [];
        const result = await throughSlices(volume, options({ channels }), async (slices) => {
          seen.push(...slices.slices.map(({ index }) => index));
          const data = slices.data.map((value) => 2 * value);
          return { images: { ...slices, data }, issues: [] };
        });
        assert.deepEqual(seen, [2, 3, 4, 5, 6]);
        assert.deepEqual([result.shape, result.affine], [volume.shape, volume.affine]);
        assert.deepEqual(result.issues, []);
        assert.equal(result.provenance.at(-1)?.step, 'doubled');
        volume.data.forEach((value, i) => {
          const expected = volume.mask?.[i] === 1 ? 2 * value : value;
          assert.ok(Math.abs(result.data[i] - expected) < 1e-6 * Math.abs(expected));
        });
      });
    }
  }

  it('averages what overlapping triples say of a voxel', async () => {
    const volume = offCenter();
    const result = await throughSlices(volume, options({ channels: 3 }), async (slices) => {
      const [, height, width, channels] = slices.shape;
      // Each slice says its own number everywhere.
      const data = slices.data.map(
        (_, at) => slices.slices[Math.floor(at / (height * width * channels))].index,
      );
      return { images: { ...slices, data }, issues: [] };
    });
    // Slice 2 stands in the triples of 2 and 3 (there is none of 1); slice 4 in those of 3, 4 and 5.
    const at = (k: number): number => result.data[5 + 20 * (12 + 22 * k)];
    assert.deepEqual([at(2), at(4), at(6)], [2.5, 4, 5.5]);
  });

  it('comes back on its own grid with its own detail where its pixels have another size, and says so', async () => {
    const volume = offCenter();
    const same = async (
      slices: ReturnType<typeof toSlices>,
    ): Promise<{ images: typeof slices; issues: [] }> => ({
      images: slices,
      issues: [],
    });
    const result = await throughSlices(volume, options({ pixelSize: [6, 6] }), same);
    assert.deepEqual([result.shape, result.affine], [volume.shape, volume.affine]);
    // Without a word on scale, what was made comes back as coarse as it is.
    const inside = (data: ArrayLike<number>): readonly number[] =>
      Array.from(data).filter((_, voxel) => volume.mask?.[voxel] === 1);
    const own = inside(volume.data);
    const coarse = inside(result.data);
    assert.ok(own.some((value, i) => Math.abs(value - coarse[i]) > 0.01 * Math.abs(value)));
    // With one, what was changed beyond it is added to the scan's own detail: here nothing.
    const doubled = async (
      slices: ReturnType<typeof toSlices>,
    ): Promise<{ images: typeof slices; issues: []; scale: (value: number) => number }> => ({
      images: { ...slices, data: slices.data.map((value) => 2 * value) },
      issues: [],
      scale: (value) => 2 * value,
    });
    const twice = await throughSlices(volume, options({ pixelSize: [6, 6] }), doubled);
    volume.data.forEach((value, voxel) => {
      assert.ok(Math.abs(twice.data[voxel] - 2 * value) <= 1e-4 * Math.abs(value));
    });
    assert.match(
      result.issues[0].message,
      /^sub-01 was resampled from voxels of 3 × 3 × 2 mm to 6 × 6 × 2 mm/,
    );
    assert.equal(result.issues[0].code, 'resampled');
  });

  it('refuses a brain that is larger than the slices, and a scan without a mask', async () => {
    const none = (): never => assert.fail('it was cut');
    await assert.rejects(throughSlices(offCenter(), options({ size: [11, 12] }), none), {
      code: 'invalid-option',
      message: /^the brain of sub-01 takes 12 × 12 pixels in axial slices, more than the 11 × 12 /,
    });
    const { data, shape, affine } = offCenter();
    await assert.rejects(throughSlices(makeVolume(data, { shape, affine }), options(), none), {
      code: 'missing-value',
      message: /mask/,
    });
  });
});

describe('a brain that is a little larger than the slices', () => {
  it('is fitted by leaving out planes of a few voxels at its rim, which is noticed', async () => {
    const volume = offCenter();
    const mask = volume.mask?.slice() ?? new Uint8Array(0);
    const [nx, ny] = volume.shape;
    // One row more, with one voxel of 720 in it.
    const lone = 5 + nx * (21 + ny * 4);
    mask[lone] = 1;
    const larger = { ...volume, mask };
    const negated = async (images: ImageSet) => ({
      images: { ...images, data: images.data.map((value) => -value) },
      issues: [],
    });
    await assert.rejects(throughSlices(larger, options(), negated), /takes 13 × 12 pixels/);
    const many = makeVolume(
      new Float32Array(40 ** 3).fill(7),
      { shape: [40, 40, 40], affine: makeAffine([3, 3, 3]) },
      {
        mask: Uint8Array.from({ length: 40 ** 3 }, (_, at) => (at % 40 < 39 || at === 39 + 40 * 800 ? 1 : 0)),
      },
    );
    const result = await throughSlices(many, { ...options(), size: [40, 39] }, negated);
    assert.deepEqual(
      result.issues.map(({ code, message }) => [code, /: 1 of its voxels at the rim was only/.test(message)]),
      [['border-left', true]],
    );
    // What was left out stays, all else is changed.
    result.data.forEach((value, at) => assert.equal(value, at % 40 < 39 ? -7 : 7));
  });
});

describe('a voxel by what changed around it', () => {
  it('is brightened by adding and darkened by dividing, so that it does not fall below 0', () => {
    assert.equal(changedVoxel(10, 5, 40), 15);
    // 40 around it became 10, a quarter.
    assert.equal(changedVoxel(20, -30, 40), 5);
    assert.equal(changedVoxel(20, -50, 40), 0);
    // Where 0 means nothing, all is added.
    assert.equal(changedVoxel(-20, -30, 40), -50);
  });
});
