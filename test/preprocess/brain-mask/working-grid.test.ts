import assert from 'node:assert/strict';
import type { Affine } from '../../../sdk/data/images/affine';
import { makeAffine, transformPoint } from '../../../sdk/data/images/affine';
import { makeVolume } from '../../../sdk/data/images/volume';
import { fromWorkingGrid, toWorkingGrid } from '../../../sdk/preprocess/brain-mask/working-grid';

describe('toWorkingGrid', () => {
  const ramp = (affine: Affine, shape: readonly [number, number, number]): Float32Array =>
    Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => {
      const voxel = [i % shape[0], Math.floor(i / shape[0]) % shape[1], Math.floor(i / shape[0] / shape[1])];
      const [x, y, z] = transformPoint(affine, [voxel[0], voxel[1], voxel[2]]);
      return 1000 + x + 2 * y - 3 * z;
    });

  it('keeps the values of a volume on such a grid already', () => {
    const affine = makeAffine([2, 2, 2], [-5, 3, 1]);
    const volume = makeVolume(ramp(affine, [5, 6, 7]), { shape: [5, 6, 7], affine });
    const image = toWorkingGrid(volume, 2);
    assert.deepEqual(image.shape, [5, 6, 7]);
    assert.deepEqual(image.affine, affine);
    assert.deepEqual(image.data, volume.data);
  });

  it('finds the same places from finer voxels with axes in another order and direction', () => {
    // Voxel axes run to the back, up and to the left.
    const affine = [0, 0, -1, 30, -0.8, 0, 0, 20, 0, 1, 0, -10, 0, 0, 0, 1];
    const volume = makeVolume(ramp(affine, [30, 24, 26]), { shape: [30, 24, 26], affine });
    const image = toWorkingGrid(volume, 2);
    const expected = ramp(image.affine, image.shape);
    const [nx, ny, nz] = image.shape;
    let compared = 0;
    image.data.forEach((value, i) => {
      const at = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
      if (at.some((place, axis) => place === 0 || place === [nx, ny, nz][axis] - 1)) return;
      compared++;
      assert.ok(Math.abs(value - expected[i]) < 1e-2, `${value} for ${expected[i]}`);
    });
    assert.ok(compared > 900);
  });

  it('comes back to the grid of the volume', () => {
    const affine = makeAffine([1, 1, 1]);
    const volume = makeVolume(ramp(affine, [21, 20, 19]), { shape: [21, 20, 19], affine });
    const image = toWorkingGrid(volume, 2);
    const back = fromWorkingGrid(image.data, image, volume);
    const middle = 10 + 21 * (9 + 20 * 8);
    assert.ok(Math.abs(back[middle] - volume.data[middle]) < 1e-2);
  });

  it('gives padding and voxels that are not finite the lowest value', () => {
    const data = new Float32Array(1000);
    data[555] = -4;
    data[556] = NaN;
    data[557] = 8;
    const volume = makeVolume(data, { shape: [10, 10, 10], affine: makeAffine([2, 2, 2]) });
    const image = toWorkingGrid(volume, 2);
    assert.deepEqual([...image.data.subarray(554, 559)], [-4, -4, -4, 8, -4]);
  });
});
