import assert from 'node:assert/strict';
import { fillSurface } from '../../../sdk/preprocess/brain-mask/fill-surface';
import { sphereMesh } from '../../../sdk/math/sphere-mesh';

describe('fillSurface', () => {
  const sphere = sphereMesh(4);
  const placed = (radius: number, [x, y, z]: number[]): typeof sphere => ({
    ...sphere,
    vertices: sphere.vertices.map((value, at) => radius * value + [x, y, z][at % 3]),
  });

  it('marks the voxels inside a sphere', () => {
    const size = 40;
    const center = [19.3, 20.1, 18.7];
    const mask = fillSurface(placed(12, center), [size, size, size]);
    let inside = 0;
    mask.forEach((value, i) => {
      const at = [i % size, Math.floor(i / size) % size, Math.floor(i / size ** 2)];
      const distance = Math.hypot(...at.map((place, axis) => place - center[axis]));
      // The triangles cut the sphere by at most a fortieth of a voxel.
      if (distance < 11.95) assert.equal(value, 1);
      if (distance > 12) assert.equal(value, 0);
      inside += value;
    });
    assert.ok(Math.abs(inside / ((4 / 3) * Math.PI * 12 ** 3) - 1) < 0.01);
  });

  it('goes on to the edge where the surface leaves the image', () => {
    const mask = fillSurface(placed(12, [0, 5, 5]), [20, 11, 11]);
    assert.equal(mask[0 + 20 * (5 + 11 * 5)], 1);
    assert.equal(mask[11 + 20 * (5 + 11 * 5)], 1);
    assert.equal(mask[12 + 20 * (5 + 11 * 5)], 0);
    const wide = fillSurface(placed(40, [10, 5, 5]), [20, 11, 11]);
    assert.ok(wide.every((value) => value === 1));
  });
});
