import assert from 'node:assert/strict';
import { transformPoint } from '../../sdk/data/images/affine';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';
import { ConcordError } from '../../sdk/errors';
import { cropPad, cropToMask } from '../../sdk/preprocess/crop-pad';
import { maskBox } from '../../sdk/data/images/mask-box';
import { volumeOf } from './small-volume';

/** Intensities that tell where a voxel is, 0 at the corners; the mask is i 2–4, j 3, k 1–2. */
function marked(): Volume {
  const volume = volumeOf([6, 5, 4], [2, 1, 3], (i, j, k) => {
    const corner = i % 5 === 0 && j % 4 === 0 && k % 3 === 0;
    return corner ? 0 : 100 * i + 10 * j + k;
  });
  const mask = Uint8Array.from(volume.data, (_, at) => {
    const i = at % 6;
    const j = Math.floor(at / 6) % 5;
    const k = Math.floor(at / 30);
    return i >= 2 && i <= 4 && j === 3 && (k === 1 || k === 2) ? 1 : 0;
  });
  return makeVolume(volume.data, volume, { mask });
}

/** Every voxel that was there keeps its value at its place; all others have `fill`. */
function requireSamePlaces(result: Volume, volume: Volume, fill: number): void {
  const [nx, ny, nz] = volume.shape;
  let found = 0;
  result.data.forEach((value, at) => {
    const [mx, my] = result.shape;
    const [x, y, z] = transformPoint(result.affine, [
      at % mx,
      Math.floor(at / mx) % my,
      Math.floor(at / mx / my),
    ]);
    const i = x / 2;
    const j = y;
    const k = z / 3;
    const there = i >= 0 && i < nx && j >= 0 && j < ny && k >= 0 && k < nz;
    const from = i + nx * (j + ny * k);
    assert.equal(value, there ? volume.data[from] : fill);
    assert.equal(result.mask?.[at], there ? volume.mask?.[from] : 0);
    if (there) found++;
  });
  assert.ok(found > 0);
}

const refuses = (code: string) => (error: unknown) => error instanceof ConcordError && error.code === code;

describe('cropPad', () => {
  it('keeps voxels at their places around the center of the grid', () => {
    const result = cropPad(marked(), { shape: [9, 2, 4] });
    assert.deepEqual(result.shape, [9, 2, 4]);
    assert.deepEqual(transformPoint(result.affine, [0, 0, 0]), [-4, 2, 0]);
    requireSamePlaces(result, marked(), 0);
    assert.deepEqual(result.provenance.at(-1)?.options, { shape: [9, 2, 4], center: 'grid', fill: 0 });
  });

  it('gives the grid back after odd numbers of voxels: what it added is cut off, what it cut off is added', () => {
    const volume = marked();
    const back = cropPad(cropPad(volume, { shape: [9, 8, 5] }), { shape: volume.shape });
    assert.deepEqual(back.affine, volume.affine);
    assert.deepEqual(back.data, volume.data);
    assert.deepEqual(back.mask, volume.mask);
    const smaller = cropPad(cropPad(volume, { shape: [3, 2, 1] }), { shape: volume.shape });
    assert.deepEqual(smaller.affine, volume.affine);
    requireSamePlaces(cropPad(volume, { shape: [3, 2, 1] }), volume, 0);
  });

  it('goes around the mask', () => {
    const result = cropPad(marked(), { shape: [5, 3, 2], center: 'mask', fill: -1 });
    requireSamePlaces(result, marked(), -1);
    assert.deepEqual(maskBox(result.mask ?? new Uint8Array(), result.shape), {
      from: [1, 1, 0],
      to: [4, 2, 2],
    });
  });

  it('refuses shapes that are none, and masks that are missing or empty', () => {
    assert.throws(() => cropPad(marked(), { shape: [0, 1, 1] }), refuses('invalid-option'));
    assert.throws(() => cropPad(marked(), { shape: [1.5, 1, 1] }), refuses('invalid-option'));
    const { data, shape, affine } = marked();
    const bare = makeVolume(data, { shape, affine });
    assert.throws(() => cropPad(bare, { shape: [2, 2, 2], center: 'mask' }), refuses('missing-value'));
    const empty = makeVolume(data, { shape, affine }, { mask: new Uint8Array(data.length) });
    assert.throws(() => cropPad(empty, { shape: [2, 2, 2], center: 'mask' }), refuses('failed-step'));
  });
});

describe('cropToMask', () => {
  it('leaves the margin in mm, as far as the volume reaches', () => {
    const tight = cropToMask(marked(), { margin: 0 });
    assert.deepEqual(tight.shape, [3, 1, 2]);
    requireSamePlaces(tight, marked(), 0);
    const wide = cropToMask(marked(), { margin: 2 });
    assert.deepEqual(wide.shape, [5, 4, 4]);
    assert.deepEqual(transformPoint(wide.affine, [0, 0, 0]), [2, 1, 0]);
    requireSamePlaces(wide, marked(), 0);
    assert.throws(() => cropToMask(marked(), { margin: -1 }), refuses('invalid-option'));
  });
});
